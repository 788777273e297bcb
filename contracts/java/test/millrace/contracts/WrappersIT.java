package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Sign;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What Java knows about the contracts agrees with a real chain: the vectors hold at the canonical
/// address, and nested structures go through the wrappers in both directions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrappersIT {
  private static final byte[] NO_SALT = new byte[32];
  private static final BigInteger PRICE = BigInteger.valueOf(7000);
  private static final BigInteger DEPOSIT = BigInteger.valueOf(100_000);

  private final JsonNode vectors = vectors();
  private final String vectorChannel = vectors.get("31337").get("channelId").asString();

  private Anvil anvil;
  private DevToken token;
  private PaymentChannels channels;
  private HubVault vault;

  @BeforeAll
  void deploy() throws Exception {
    anvil = Anvil.start();
    var deployer = anvil.as(Anvil.DEPLOYER);
    // The vectors name the first contract that this account creates as the token.
    token = DevToken.deploy(anvil.web3j, deployer, Anvil.GAS).send();
    CanonicalPlacement.place(anvil);
    channels =
        PaymentChannels.load(
            CanonicalAddresses.PAYMENT_CHANNELS, anvil.web3j, anvil.as(Anvil.HUB), Anvil.GAS);
    var settings =
        new HubVault.Settings(
            CanonicalAddresses.PAYMENT_CHANNELS,
            BigInteger.valueOf(60),
            Anvil.DEPLOYER.getAddress(),
            Anvil.HUB.getAddress(),
            List.of(Anvil.HUB.getAddress()),
            List.of(Anvil.HUB.getAddress()),
            List.of(Anvil.RECEIVER.getAddress()),
            List.of(new HubVault.TokenCaps(token.getContractAddress(), DEPOSIT, PRICE)));
    var deployed = HubVault.deploy(anvil.web3j, deployer, Anvil.GAS, settings).send();
    vault =
        HubVault.load(deployed.getContractAddress(), anvil.web3j, anvil.as(Anvil.HUB), Anvil.GAS);
  }

  @AfterAll
  void stop() {
    anvil.close();
  }

  @Test
  void theDomainIsThatOfTheCanonicalAddressAndOfThisChain() throws Exception {
    assertThat(token.getContractAddress())
        .isEqualToIgnoringCase(vectors.get("keys").get("token").asString());
    var domain = channels.eip712Domain().send();
    assertThat(domain.component2()).isEqualTo("x402 Batch Settlement");
    assertThat(domain.component4()).isEqualTo(BigInteger.valueOf(Anvil.CHAIN_ID));
    assertThat(domain.component5()).isEqualToIgnoringCase(CanonicalAddresses.PAYMENT_CHANNELS);
  }

  @Test
  void theVectorsHoldAtTheCanonicalAddress() throws Exception {
    var expected = vectors.get("31337");
    var config = vectorConfig();
    assertThat(hex(channels.getChannelId(config).send())).isEqualTo(vectorChannel);
    var id = Numeric.hexStringToByteArray(vectorChannel);
    assertThat(hex(channels.getVoucherDigest(id, PRICE).send()))
        .isEqualTo(expected.get("voucher").get("digest").asString());
    assertThat(hex(channels.getRefundDigest(id, BigInteger.ZERO, new BigInteger("1500")).send()))
        .isEqualTo(expected.get("refund").get("digest").asString());
    var row =
        new PaymentChannels.VoucherClaim(
            new PaymentChannels.Voucher(config, PRICE), new byte[0], new BigInteger("6500"));
    assertThat(hex(channels.getClaimBatchDigest(List.of(row)).send()))
        .isEqualTo(expected.get("claimBatch").get("digest").asString());
  }

  @Test
  void aPaymentTravelsFromThePayerToTheMerchant() throws Exception {
    var terms = termsWithTheVault();
    var id = channels.getChannelId(terms).send();
    depositByAuthorization(terms, id);
    assertThat(channels.channels(id).send().component1()).isEqualTo(DEPOSIT);

    var row = vaultRow(id, new BigInteger("6500"));
    var claimed = vault.claim(List.of(row)).send();
    assertThat(HubVault.getRowSkippedEvents(claimed)).isEmpty();
    assertThat(channels.channels(id).send().component2()).isEqualTo("6500");

    var promised = new HubVault.PromisedTotal(Anvil.RECEIVER.getAddress(), new BigInteger("6000"));
    var credited = vault.credit(token.getContractAddress(), List.of(promised), true).send();
    assertThat(HubVault.getPaidEvents(credited).getFirst().amount).isEqualTo("6000");
    assertThat(token.balanceOf(Anvil.RECEIVER.getAddress()).send()).isEqualTo("6000");

    vault.refund(row, new BigInteger("93500")).send();
    assertThat(channels.channels(id).send().component1()).isEqualTo("6500");
  }

  @Test
  void placingTheContractsAgainKeepsTheChannels() throws Exception {
    var before = code();
    CanonicalPlacement.place(anvil);
    assertThat(code()).isEqualTo(before);
  }

  private void depositByAuthorization(PaymentChannels.ChannelConfig terms, byte[] id)
      throws Exception {
    token.mint(Anvil.PAYER.getAddress(), DEPOSIT).send();
    var salt = BigInteger.TWO;
    var validBefore = BigInteger.TWO.pow(40);
    var nonce = Hash.sha3(concat(id, Numeric.toBytesPadded(salt, 32)));
    var digest = authorizationDigest(validBefore, nonce);
    var data =
        FunctionEncoder.encodeConstructor(
            List.of(
                new Uint256(BigInteger.ZERO),
                new Uint256(validBefore),
                new Uint256(salt),
                new DynamicBytes(sign(Anvil.PAYER, digest))));
    channels
        .deposit(
            terms,
            DEPOSIT,
            CanonicalAddresses.ERC3009_DEPOSIT_COLLECTOR,
            Numeric.hexStringToByteArray(data))
        .send();
  }

  private byte[] authorizationDigest(BigInteger validBefore, byte[] nonce) throws Exception {
    var message =
        concat(
            token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH().send(),
            word(Anvil.PAYER.getAddress()),
            word(CanonicalAddresses.ERC3009_DEPOSIT_COLLECTOR),
            Numeric.toBytesPadded(DEPOSIT, 32),
            new byte[32],
            Numeric.toBytesPadded(validBefore, 32),
            nonce);
    return Hash.sha3(
        concat(new byte[] {0x19, 0x01}, token.DOMAIN_SEPARATOR().send(), Hash.sha3(message)));
  }

  private HubVault.VoucherClaim vaultRow(byte[] id, BigInteger totalClaimed) throws Exception {
    var terms =
        new HubVault.ChannelConfig(
            Anvil.PAYER.getAddress(),
            Anvil.PAYER.getAddress(),
            vault.getContractAddress(),
            vault.getContractAddress(),
            token.getContractAddress(),
            BigInteger.valueOf(900),
            NO_SALT);
    var signature = sign(Anvil.PAYER, channels.getVoucherDigest(id, PRICE).send());
    return new HubVault.VoucherClaim(new HubVault.Voucher(terms, PRICE), signature, totalClaimed);
  }

  private PaymentChannels.ChannelConfig termsWithTheVault() {
    return new PaymentChannels.ChannelConfig(
        Anvil.PAYER.getAddress(),
        Anvil.PAYER.getAddress(),
        vault.getContractAddress(),
        vault.getContractAddress(),
        token.getContractAddress(),
        BigInteger.valueOf(900),
        NO_SALT);
  }

  private PaymentChannels.ChannelConfig vectorConfig() {
    var config = vectors.get("config");
    return new PaymentChannels.ChannelConfig(
        config.get("payer").asString(),
        config.get("payerAuthorizer").asString(),
        config.get("receiver").asString(),
        config.get("receiverAuthorizer").asString(),
        config.get("token").asString(),
        BigInteger.valueOf(config.get("withdrawDelay").asLong()),
        NO_SALT);
  }

  private String code() throws Exception {
    return anvil
        .web3j
        .ethGetCode(CanonicalAddresses.PAYMENT_CHANNELS, DefaultBlockParameterName.LATEST)
        .send()
        .getCode();
  }

  private static byte[] sign(Credentials signer, byte[] digest) {
    var signature = Sign.signMessage(digest, signer.getEcKeyPair(), false);
    return concat(signature.getR(), signature.getS(), signature.getV());
  }

  private static byte[] word(String address) {
    return Numeric.toBytesPadded(Numeric.toBigInt(address), 32);
  }

  private static byte[] concat(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (var part : parts) all.writeBytes(part);
    return all.toByteArray();
  }

  private static String hex(byte[] bytes) {
    return Numeric.toHexString(bytes);
  }

  private static JsonNode vectors() {
    return JsonMapper.shared().readTree(WrappersIT.class.getResourceAsStream("/x402-vectors.json"));
  }
}
