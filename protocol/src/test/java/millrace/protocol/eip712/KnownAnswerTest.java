package millrace.protocol.eip712;

import static millrace.protocol.eip712.Vectors.number;
import static millrace.protocol.eip712.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.StreamSupport;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.ChannelsDomain.ClaimEntry;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Hex;
import millrace.protocol.type.Signature;
import millrace.protocol.x402.Deployment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class KnownAnswerTest {
  private static final Vectors VECTORS = Vectors.load();
  private static final SigningKey PAYER = SigningKey.of(VECTORS.key("payerPk"));
  private static final SigningKey RECEIVER = SigningKey.of(VECTORS.key("receiverPk"));

  static List<String> chains() {
    return Vectors.CHAINS;
  }

  private static ChannelsDomain domain(String chain) {
    return new ChannelsDomain(new BigInteger(chain), Deployment.CANONICAL.channels());
  }

  private static void assertDigestAndSignature(JsonNode vector, byte[] digest, SigningKey key) {
    assertThat(Hex.encode(digest)).isEqualTo(text(vector, "digest"));
    assertThat(key.sign(digest)).hasToString(text(vector, "signature"));
    assertThat(Secp256k1Keys.recover(digest, Signature.of(text(vector, "signature"))))
        .contains(key.address());
  }

  @Test
  void derivesAddressesFromKeys() {
    assertThat(PAYER.address()).isEqualTo(Address.of(VECTORS.key("payer")));
    assertThat(RECEIVER.address()).isEqualTo(Address.of(VECTORS.key("receiver")));
  }

  @Test
  void hashesTypeStrings() {
    VECTORS
        .root()
        .get("typehash")
        .properties()
        .forEach(
            type ->
                assertThat(Hex.encode(Words.typeHash(type.getKey())))
                    .isEqualTo(type.getValue().stringValue()));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void separatesDomainsAndNamesChannels(String chain) {
    var vector = VECTORS.of(chain);
    assertThat(domain(chain).separator()).hasToString(text(vector, "domainSeparator"));
    assertThat(domain(chain).channelId(VECTORS.config())).hasToString(text(vector, "channelId"));
    assertThat(domain(chain).chainId()).isEqualTo(new BigInteger(chain));
    assertThat(domain(chain).contract()).isEqualTo(Deployment.CANONICAL.channels());
  }

  @ParameterizedTest
  @MethodSource("chains")
  void signsVouchers(String chain) {
    var vector = VECTORS.of(chain).get("voucher");
    var voucher =
        new Voucher(
            domain(chain).channelId(VECTORS.config()),
            Amount.of(text(vector, "maxClaimableAmount")));
    assertDigestAndSignature(vector, domain(chain).digest(voucher), PAYER);
    var signed = new SignedVoucher(voucher, Signature.of(text(vector, "signature")));
    assertThat(domain(chain).verify(signed, VECTORS.config())).isPresent();
  }

  @ParameterizedTest
  @MethodSource("chains")
  void signsClaimBatches(String chain) {
    var vector = VECTORS.of(chain).get("claimBatch");
    var claims =
        StreamSupport.stream(vector.get("claims").spliterator(), false)
            .map(
                claim ->
                    new ClaimEntry(
                        ChannelId.of(text(claim, "channelId")),
                        Amount.of(text(claim, "maxClaimableAmount")),
                        Amount.of(text(claim, "totalClaimed"))))
            .toList();
    assertDigestAndSignature(vector, domain(chain).claimBatchDigest(claims), RECEIVER);
  }

  @ParameterizedTest
  @MethodSource("chains")
  void signsRefunds(String chain) {
    var vector = VECTORS.of(chain).get("refund");
    byte[] digest =
        domain(chain)
            .refundDigest(
                domain(chain).channelId(VECTORS.config()),
                number(vector, "nonce"),
                Amount.of(text(vector, "amount")));
    assertDigestAndSignature(vector, digest, RECEIVER);
  }

  @ParameterizedTest
  @MethodSource("chains")
  void signsDeposits(String chain) {
    var vector = VECTORS.of(chain).get("deposit");
    var token = VECTORS.config().token();
    var domain = new TokenDomain("USD Coin", "1", new BigInteger(chain), token);
    var salt = new BigInteger(1, Bytes32.of(text(vector, "salt")).toArray());
    var nonce = TokenDomain.depositNonce(domain(chain).channelId(VECTORS.config()), salt);
    assertThat(nonce).hasToString(text(vector, "erc3009Nonce"));
    byte[] digest =
        domain.digest(
            PAYER.address(),
            Deployment.CANONICAL.depositCollector(),
            Amount.of(text(vector, "value")),
            number(vector, "validAfter"),
            number(vector, "validBefore"),
            nonce);
    assertDigestAndSignature(vector, digest, PAYER);
    assertThat(domain.signer(digest, Signature.of(text(vector, "signature"))))
        .contains(PAYER.address());
  }
}
