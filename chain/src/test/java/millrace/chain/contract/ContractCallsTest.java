package millrace.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.ContractLog;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import org.junit.jupiter.api.Test;

class ContractCallsTest {
  private static final Address CHANNELS = Address.of("0x4020074e9df2ce1dee5a9c1b5c3f541d02a10003");
  private static final Address VAULT = address(7);
  private static final Address TOKEN = address(8);
  private static final Signature SIGNATURE =
      Signature.of(
          "0x2b59d31ac243f2e797770c0f245b15a7adaf8ed0575f767998b5d9a6a51b1a3f"
              + "57291cedf016f42ec6e8ede95a71cf65a48c1fa8a94afa24d8775ca6fb2012811b");
  private static final ChannelConfig CONFIG =
      new ChannelConfig(address(1), address(2), VAULT, VAULT, TOKEN, 900, Bytes32.ZERO);
  private static final ClaimRow ROW =
      new ClaimRow(
          CONFIG,
          new SignedVoucher(new Voucher(new ChannelId(Bytes32.ZERO), Amount.of(7)), SIGNATURE),
          Amount.of(6));

  /// The selectors that stock clients and the canonical contract agree on.
  @Test
  void callsTheFunctionsOfThePublishedInterface() {
    assertThat(selector(ContractCalls.claim(List.of(ROW)))).isEqualTo("0x29237b0c");
    assertThat(selector(ContractCalls.deposit(CONFIG, Amount.of(1), TOKEN, authorization())))
        .isEqualTo("0x140f1e75");
    assertThat(selector(ContractCalls.initiateWithdraw(CONFIG, Amount.of(1))))
        .isEqualTo("0xcf5cf3dc");
    assertThat(selector(ContractCalls.finalizeWithdraw(CONFIG))).isEqualTo("0xe88377b1");
  }

  @Test
  void everyRowOfAClaimIsInTheCalldata() {
    int one = ContractCalls.claim(List.of(ROW)).length();
    int three = ContractCalls.claim(List.of(ROW, ROW, ROW)).length();
    assertThat((three - one) % 2).isZero();
    assertThat((three - one) / 2).isEqualTo(15 * 32);
  }

  @Test
  void aPackedRowIsShortWhereThatSaysEverything() {
    var full = new ClaimRow(plain(900), ROW.voucher(), Amount.of(7));
    var packed = PackedRows.of(List.of(full, ROW, full));
    assertThat(packed.shortRows().toArray()).hasSize(2 * 100);
    assertThat(packed.longRows().toArray()).hasSize(168);
    assertThat(packed.shortRows().toArray()).startsWith(address(1).toArray());
    assertThat(packed.shortRows().toArray()[35]).isEqualTo((byte) 7);
    assertThat(packed.shortRows().toArray()[36]).isEqualTo((byte) 0x2b);
    assertThat(packed.shortRows().toArray()[68]).isEqualTo((byte) 0x57);
  }

  /// Zero stands for a receiver that is its own authoriser.
  @Test
  void aBatchBeginsWithWhatItsRowsHaveInCommon() {
    var full = new ClaimRow(plain(900), ROW.voucher(), Amount.of(7));
    byte[] batch = PackedRows.batch(List.of(full, full)).toArray();
    assertThat(batch).hasSize(47 + 2 * 100);
    assertThat(Arrays.copyOf(batch, 20)).containsOnly(0);
    assertThat(Arrays.copyOfRange(batch, 20, 40)).isEqualTo(TOKEN.toArray());
    assertThat(Arrays.copyOfRange(batch, 40, 47)).containsExactly(0, 0, 0, 3, 0x84, 0, 2);

    var config =
        new ChannelConfig(address(1), address(1), VAULT, address(9), TOKEN, 900, Bytes32.ZERO);
    var other = new ClaimRow(config, ROW.voucher(), Amount.of(6));
    byte[] foreign = PackedRows.batch(List.of(other)).toArray();
    assertThat(foreign).hasSize(47 + 168);
    assertThat(Arrays.copyOf(foreign, 20)).isEqualTo(address(9).toArray());
    assertThat(Arrays.copyOfRange(foreign, 45, 47)).containsExactly(0, 0);
  }

  @Test
  void theParityOfAPackedSignatureIsTheHighestBitOfS() {
    byte[] odd = SIGNATURE.toArray();
    odd[64] = 28;
    var voucher = new SignedVoucher(ROW.voucher().voucher(), Signature.of(odd));
    var packed = PackedRows.of(List.of(new ClaimRow(plain(900), voucher, Amount.of(7))));
    assertThat(packed.shortRows().toArray()[68]).isEqualTo((byte) 0xd7);
  }

  @Test
  void aPackedAmountMayHaveAllItsBits() {
    var most = new SignedVoucher(new Voucher(new ChannelId(Bytes32.ZERO), Amount.MAX), SIGNATURE);
    var packed = PackedRows.of(List.of(new ClaimRow(plain(900), most, Amount.MAX)));
    for (int i = 20; i < 36; i++)
      assertThat(packed.shortRows().toArray()[i]).isEqualTo((byte) 0xff);
  }

  @Test
  void rowsOfDifferentTermsAreNotPackedTogether() {
    var one = new ClaimRow(plain(900), ROW.voucher(), Amount.of(7));
    var other = new ClaimRow(plain(901), ROW.voucher(), Amount.of(7));
    assertThat(ClaimCall.of(ClaimForm.COMPACT, List.of(one, one)).form())
        .isEqualTo(ClaimForm.COMPACT);
    assertThat(ClaimCall.of(ClaimForm.COMPACT, List.of(one, other)))
        .isEqualTo(ClaimCall.of(ClaimForm.STANDARD, List.of(one, other)));
  }

  @Test
  void aFullBatchOfEitherFormFitsIntoATransaction() {
    for (var form : ClaimForm.values()) {
      assertThat(form.gas(form.mostRows())).isLessThanOrEqualTo(1L << 24);
    }
    for (var form : CreditForm.values()) {
      assertThat(form.gas(form.mostPayees())).isLessThanOrEqualTo(1L << 24);
    }
  }

  @Test
  void aPromiseIsOneWord() {
    assertThat(new PromisedTotal(address(0xabc), Amount.of(258)).word())
        .isEqualTo(Bytes32.of("0x" + "0".repeat(37) + "abc" + "0".repeat(21) + "102"));
    var most =
        new PromisedTotal(
            Address.of("0x" + "f".repeat(40)), Amount.of("79228162514264337593543950335"));
    assertThat(most.word()).isEqualTo(Bytes32.of("0x" + "f".repeat(64)));
  }

  /// The rest is the merchant's to redeem; asking for it again would change nothing.
  @Test
  void aPromiseAboveWhatAWordCanSayIsCreditedUpToThere() {
    var most = Amount.of("79228162514264337593543950335");
    var more = new PromisedTotal(address(1), most.plus(Amount.of(1)));
    assertThat(more.word()).isEqualTo(new PromisedTotal(address(1), most).word());
    assertThat(more.canBeCredited(most.minus(Amount.of(1)))).isTrue();
    assertThat(more.canBeCredited(most)).isFalse();
    assertThat(new PromisedTotal(address(1), Amount.of(5)).canBeCredited(Amount.of(5))).isFalse();
  }

  private static ChannelConfig plain(long delay) {
    return new ChannelConfig(address(1), address(1), VAULT, VAULT, TOKEN, delay, Bytes32.ZERO);
  }

  @Test
  void readsADepositedEvent() {
    var log =
        log(
            CHANNELS,
            "0x6c2a09353b5e75e70d0b9778b80a413809bb235d46c211811c474b3346791d89",
            word(5) + word(9).substring(2));
    assertThat(new ContractEvents(CHANNELS, VAULT, TOKEN).decode(log))
        .contains(
            new ContractEvent.Deposited(
                new ChannelId(Bytes32.of(word(11))), address(12), Amount.of(5), Amount.of(9)));
  }

  @Test
  void aLogOfAnotherContractIsNothing() {
    var log =
        log(
            address(99),
            "0x6c2a09353b5e75e70d0b9778b80a413809bb235d46c211811c474b3346791d89",
            word(5) + word(9).substring(2));
    assertThat(new ContractEvents(CHANNELS, VAULT, TOKEN).decode(log)).isEmpty();
  }

  private static ContractLog log(Address contract, String topic, String data) {
    return new ContractLog(
        contract,
        List.of(Bytes32.of(topic), Bytes32.of(word(11)), Bytes32.of(word(12))),
        Bytes.of(data),
        Bytes32.ZERO,
        Bytes32.ZERO,
        1,
        0);
  }

  private static DepositAuthorization authorization() {
    return new DepositAuthorization(BigInteger.ZERO, BigInteger.TEN, BigInteger.ONE, SIGNATURE);
  }

  private static String word(int value) {
    return "0x%064x".formatted(value);
  }

  private static Address address(int value) {
    return Address.of("0x%040x".formatted(value));
  }

  private static String selector(Bytes calldata) {
    return calldata.toString().substring(0, 10);
  }
}
