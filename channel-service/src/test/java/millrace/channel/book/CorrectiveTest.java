package millrace.channel.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.channel.TestChannel;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.Refusal;
import millrace.protocol.channel.VerifiedVoucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CorrectiveTest {
  private static final HubTerms TERMS =
      new HubTerms(
          BigInteger.ONE,
          Persona.HUB.address(),
          Persona.HUB.address(),
          Persona.HUB.address(),
          new HubTerms.Token(Address.ZERO, "USD Coin", "1", 6, "USDC"),
          900,
          Amount.of(1));

  private final TestChannel channel = TestChannel.of(TERMS, Persona.ALICE.key());

  @Test
  void givesTheNewestVoucherForASecretOne() {
    var row = row(100, 200);
    assertThat(Corrective.of(row, voucher(201), Refusal.CUMULATIVE_MISMATCH).newest())
        .contains(channel.voucher(300));
  }

  @Test
  void givesNoVoucherForOneThatIsPublished() {
    var corrective = Corrective.of(row(100, 200), voucher(200), Refusal.CUMULATIVE_MISMATCH);
    assertThat(corrective.channel()).isPresent();
    assertThat(corrective.newest()).isEmpty();
  }

  @Test
  void givesNoVoucherForOneThatIsNotAboveWhatWasClaimed() {
    assertThat(Corrective.of(row(250, 0), voucher(250), Refusal.BELOW_CLAIMED).newest()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CUMULATIVE_MISMATCH", "BELOW_CLAIMED", "BUSY"})
  void tellsNothingWhereItWouldNotHelp(Refusal reason) {
    assertThat(Corrective.of(row(0, 0), voucher(900), reason))
        .isEqualTo(new Corrective(Optional.empty(), Optional.empty()));
  }

  private VerifiedVoucher voucher(long ceiling) {
    return TERMS.domain().verify(channel.voucher(ceiling), channel.config()).orElseThrow();
  }

  private ChannelRow row(long claimed, long published) {
    var account =
        new Account(
            Amount.of(1_000),
            Amount.of(claimed),
            Amount.of(300),
            Amount.ZERO,
            BigInteger.ZERO,
            1,
            Optional.of(channel.voucher(300)),
            Amount.of(published),
            Optional.empty(),
            7,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty());
    return new ChannelRow(channel.id(), channel.config(), new Open(account), true, Amount.ZERO);
  }
}
