package millrace.protocol.eip712;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.ChannelsDomain.ClaimEntry;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Hex;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.crypto.StructuredDataEncoder;
import tools.jackson.databind.json.JsonMapper;

/// Our hand-laid words against somebody else's general encoder, on random values.
class StructuredDataOracleTest {
  private static final int ROUNDS = 200;
  private static final JsonMapper JSON = JsonMapper.shared();

  static LongStream seeds() {
    return LongStream.range(0, Boolean.getBoolean("millrace.long") ? 50 : 2);
  }

  private static String field(String name, String type) {
    return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\"}";
  }

  /// Fields as they stand in a type string: `type name,type name`.
  private static String fields(String signature) {
    return Pattern.compile(",")
        .splitAsStream(signature)
        .map(
            part ->
                field(part.substring(part.indexOf(' ') + 1), part.substring(0, part.indexOf(' '))))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static byte[] oracle(
      Domain domain, Map<String, String> types, String primary, Object message) {
    String declared =
        types.entrySet().stream()
            .map(type -> "\"" + type.getKey() + "\":" + fields(type.getValue()))
            .collect(Collectors.joining(","));
    String json =
        """
        {"types":{"EIP712Domain":%s,%s},"primaryType":"%s","domain":%s,"message":%s}"""
            .formatted(
                fields("string name,string version,uint256 chainId,address verifyingContract"),
                declared,
                primary,
                JSON.writeValueAsString(
                    Map.of(
                        "name",
                        domain.name(),
                        "version",
                        domain.version(),
                        "chainId",
                        domain.chainId().toString(),
                        "verifyingContract",
                        domain.contract().toString())),
                JSON.writeValueAsString(message));
    try {
      return new StructuredDataEncoder(json).hashStructuredData();
    } catch (java.io.IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private record Domain(String name, String version, BigInteger chainId, Address contract) {}

  private record Values(Random random) {
    byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    BigInteger upTo(int bits) {
      return new BigInteger(random.nextInt(bits + 1), random);
    }

    Address address() {
      return random.nextInt(20) == 0 ? Address.ZERO : Address.of(bytes(20));
    }

    Amount amount() {
      return random.nextInt(20) == 0 ? Amount.MAX : new Amount(upTo(Amount.BITS));
    }

    ChannelId channelId() {
      return ChannelId.of(bytes(32));
    }

    ChannelsDomain domain() {
      return new ChannelsDomain(upTo(64).add(BigInteger.ONE), address());
    }

    ChannelConfig config() {
      return new ChannelConfig(
          address(),
          address(),
          address(),
          address(),
          address(),
          upTo(40).longValueExact(),
          Bytes32.of(bytes(32)));
    }
  }

  private static Domain of(ChannelsDomain domain) {
    return new Domain(
        ChannelsDomain.NAME, ChannelsDomain.VERSION, domain.chainId(), domain.contract());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesOnChannelIds(long seed) {
    var values = new Values(new Random(seed));
    for (int i = 0; i < ROUNDS; i++) {
      var domain = values.domain();
      var config = values.config();
      byte[] expected =
          oracle(
              of(domain),
              Map.of(
                  "ChannelConfig",
                  "address payer,address payerAuthorizer,address receiver,"
                      + "address receiverAuthorizer,address token,uint40 withdrawDelay,"
                      + "bytes32 salt"),
              "ChannelConfig",
              Map.of(
                  "payer", config.payer().toString(),
                  "payerAuthorizer", config.payerAuthorizer().toString(),
                  "receiver", config.receiver().toString(),
                  "receiverAuthorizer", config.receiverAuthorizer().toString(),
                  "token", config.token().toString(),
                  "withdrawDelay", config.withdrawDelaySeconds(),
                  "salt", config.salt().toString()));
      assertThat(domain.channelId(config)).hasToString(Hex.encode(expected));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesOnVouchersAndRefunds(long seed) {
    var values = new Values(new Random(seed));
    for (int i = 0; i < ROUNDS; i++) {
      var domain = values.domain();
      var id = values.channelId();
      var amount = values.amount();
      var nonce = values.upTo(256);
      byte[] voucher =
          oracle(
              of(domain),
              Map.of("Voucher", "bytes32 channelId,uint128 maxClaimableAmount"),
              "Voucher",
              Map.of("channelId", id.toString(), "maxClaimableAmount", amount.toString()));
      assertThat(domain.digest(new Voucher(id, amount))).isEqualTo(voucher);
      byte[] refund =
          oracle(
              of(domain),
              Map.of("Refund", "bytes32 channelId,uint256 nonce,uint128 amount"),
              "Refund",
              Map.of(
                  "channelId", id.toString(),
                  "nonce", nonce.toString(),
                  "amount", amount.toString()));
      assertThat(domain.refundDigest(id, nonce, amount)).isEqualTo(refund);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesOnClaimBatches(long seed) {
    var values = new Values(new Random(seed));
    for (int i = 0; i < ROUNDS; i++) {
      var domain = values.domain();
      var claims = new ArrayList<ClaimEntry>();
      IntStream.range(0, values.random().nextInt(1, 5))
          .forEach(
              _ ->
                  claims.add(new ClaimEntry(values.channelId(), values.amount(), values.amount())));
      var rows =
          claims.stream()
              .map(
                  claim ->
                      Map.of(
                          "channelId", claim.channelId().toString(),
                          "maxClaimableAmount", claim.ceiling().toString(),
                          "totalClaimed", claim.totalClaimed().toString()))
              .toList();
      byte[] expected =
          oracle(
              of(domain),
              Map.of(
                  "ClaimBatch",
                  "ClaimEntry[] claims",
                  "ClaimEntry",
                  "bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed"),
              "ClaimBatch",
              Map.of("claims", rows));
      assertThat(domain.claimBatchDigest(claims)).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesOnDeposits(long seed) {
    var values = new Values(new Random(seed));
    for (int i = 0; i < ROUNDS; i++) {
      var token = values.address();
      var chain = values.upTo(64).add(BigInteger.ONE);
      var domain = new TokenDomain("Größe " + i, "2", chain, token);
      var from = values.address();
      var to = values.address();
      var value = values.amount();
      var validAfter = values.upTo(256);
      var validBefore = values.upTo(256);
      var nonce = Bytes32.of(values.bytes(32));
      byte[] expected =
          oracle(
              new Domain("Größe " + i, "2", chain, token),
              Map.of(
                  "ReceiveWithAuthorization",
                  "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,"
                      + "bytes32 nonce"),
              "ReceiveWithAuthorization",
              Map.of(
                  "from", from.toString(),
                  "to", to.toString(),
                  "value", value.toString(),
                  "validAfter", validAfter.toString(),
                  "validBefore", validBefore.toString(),
                  "nonce", nonce.toString()));
      assertThat(domain.digest(from, to, value, validAfter, validBefore, nonce))
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesOnKeysAndSignatures(long seed) {
    var values = new Values(new Random(seed));
    for (int i = 0; i < ROUNDS; i++) {
      var secret = Bytes32.of(values.bytes(32));
      var digest = values.bytes(32);
      var key = SigningKey.of(secret);
      var oracle = ECKeyPair.create(secret.toArray());
      assertThat(key.address()).hasToString("0x" + Keys.getAddress(oracle));
      var expected = Sign.signMessage(digest, oracle, false);
      var signature = key.sign(digest);
      assertThat(signature.toArray())
          .startsWith(expected.getR())
          .endsWith(expected.getV())
          .containsSequence(expected.getS());
      assertThat(Secp256k1Keys.recover(digest, signature)).contains(key.address());
    }
  }
}
