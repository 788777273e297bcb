package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What Java knows about the contracts agrees with a real chain: the vectors hold at the canonical
/// address, and nested structures go through the wrappers in both directions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrappersIT {
  private static final BigInteger CEILING = BigInteger.valueOf(7000);

  private final JsonNode vectors =
      JsonMapper.shared().readTree(WrappersIT.class.getResourceAsStream("/x402-vectors.json"));
  private final JsonNode expected = vectors.get("31337");
  private final byte[] channelId =
      Numeric.hexStringToByteArray(expected.get("channelId").asString());

  private Scene scene;

  @BeforeAll
  void set() throws Exception {
    scene = Scene.set(List.of(Anvil.RECEIVER.getAddress()));
  }

  @AfterAll
  void close() {
    scene.close();
  }

  @Test
  void theDomainIsThatOfTheCanonicalAddressAndOfThisChain() throws Exception {
    assertThat(scene.token().getContractAddress())
        .isEqualToIgnoringCase(vectors.get("keys").get("token").asString());
    var domain = scene.channels().eip712Domain().send();
    assertThat(domain.component2()).isEqualTo("x402 Batch Settlement");
    assertThat(domain.component4()).isEqualTo(BigInteger.valueOf(Anvil.CHAIN_ID));
    assertThat(domain.component5()).isEqualToIgnoringCase(CanonicalAddresses.PAYMENT_CHANNELS);
  }

  @Test
  void theVectorsHoldAtTheCanonicalAddress() throws Exception {
    var channels = scene.channels();
    var terms = scene.terms(0, Anvil.RECEIVER.getAddress());
    assertThat(channels.getChannelId(terms).send()).isEqualTo(channelId);
    assertThat(hex(channels.getVoucherDigest(channelId, CEILING).send()))
        .isEqualTo(expected.get("voucher").get("digest").asString());
    assertThat(
            hex(
                channels
                    .getRefundDigest(channelId, BigInteger.ZERO, BigInteger.valueOf(1500))
                    .send()))
        .isEqualTo(expected.get("refund").get("digest").asString());
    var row =
        new PaymentChannels.VoucherClaim(
            new PaymentChannels.Voucher(terms, CEILING), new byte[0], BigInteger.valueOf(6500));
    assertThat(hex(channels.getClaimBatchDigest(List.of(row)).send()))
        .isEqualTo(expected.get("claimBatch").get("digest").asString());
  }

  @Test
  void javaSignsWhatStockClientsSign() throws Exception {
    var digest = Numeric.hexStringToByteArray(expected.get("voucher").get("digest").asString());
    assertThat(hex(Scene.sign(Anvil.PAYER, digest)))
        .isEqualTo(expected.get("voucher").get("signature").asString());
  }

  @Test
  void aPaymentTravelsFromThePayerToTheMerchant() throws Exception {
    var terms = scene.vaultTerms(1);
    var id = scene.channels().getChannelId(terms).send();
    scene.deposit(terms, 1);
    assertThat(scene.channels().channels(id).send().component1()).isEqualTo(Scene.DEPOSIT);

    var row = scene.vaultRow(1, CEILING);
    var claimed = scene.vault().claim(List.of(row)).send();
    assertThat(HubVault.getRowSkippedEvents(claimed)).isEmpty();
    assertThat(scene.channels().channels(id).send().component2()).isEqualTo(CEILING);

    var merchant = Anvil.RECEIVER.getAddress();
    var promised = Scene.promise(merchant, BigInteger.valueOf(6000));
    var credited =
        scene.vault().credit(scene.token().getContractAddress(), List.of(promised), true).send();
    assertThat(HubVault.getPaidBatchEvents(credited).getFirst().paid).isEqualTo("6000");
    assertThat(scene.token().balanceOf(merchant).send()).isEqualTo("6000");

    scene.vault().refund(row, Scene.DEPOSIT.subtract(CEILING)).send();
    assertThat(scene.channels().channels(id).send().component1()).isEqualTo(CEILING);
  }

  @Test
  void aBadRowIsReportedWithItsError() throws Exception {
    var terms = scene.vaultTerms(2);
    scene.deposit(terms, 1);
    var good = scene.vaultRow(2, CEILING);
    var bad = scene.vaultRow(3, CEILING); // A channel that holds nothing.
    var claimed = scene.vault().claim(List.of(good, bad)).send();
    var skipped = HubVault.getRowSkippedEvents(claimed);
    assertThat(skipped).hasSize(1);
    assertThat(hex(skipped.getFirst().reason))
        .isEqualTo(vectors.get("errors").get("ClaimExceedsBalance()").asString());
  }

  @Test
  void placingTheContractsAgainChangesNothing() throws Exception {
    var before = code();
    CanonicalPlacement.place(scene.anvil());
    assertThat(code()).isEqualTo(before);
  }

  private String code() throws Exception {
    return scene
        .anvil()
        .web3j
        .ethGetCode(CanonicalAddresses.PAYMENT_CHANNELS, DefaultBlockParameterName.LATEST)
        .send()
        .getCode();
  }

  private static String hex(byte[] bytes) {
    return Numeric.toHexString(bytes);
  }
}
