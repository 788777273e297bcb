package millrace.protocol.x402;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.CONFIG;
import static millrace.protocol.channel.Samples.ID;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.signed;
import static org.assertj.core.api.Assertions.assertThat;

import millrace.protocol.channel.Account;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.Withdrawing;
import org.junit.jupiter.api.Test;

/// What a client that is out of step is shown.
class DisclosureTest {
  private static Account published(Account account, long ceiling) {
    if (new Open(account).on(new CeilingPublished(amount(ceiling)))
        instanceof Accepted(Channel next, _)) {
      return next.account();
    }
    throw new AssertionError("a fact was refused");
  }

  @Test
  void showsTheNewestVoucher() {
    assertThat(VoucherState.disclosable(account(100, 20, 42)))
        .contains(new VoucherState(amount(42), signed(ALICE, 42).signature()));
  }

  @Test
  void showsNothingWhenThereIsNoVoucher() {
    assertThat(VoucherState.disclosable(Account.EMPTY)).isEmpty();
  }

  @Test
  void showsNoSignatureThatIsNotAboveWhatWasClaimed() {
    assertThat(VoucherState.disclosable(account(100, 42, 42))).isEmpty();
    assertThat(VoucherState.disclosable(account(100, 41, 42))).isPresent();
  }

  @Test
  void confirmsNoSignatureThatStandsInCalldata() {
    assertThat(VoucherState.disclosable(published(account(100, 20, 42), 42))).isEmpty();
    assertThat(VoucherState.disclosable(published(account(100, 20, 42), 41))).isPresent();
  }

  @Test
  void saysWhereTheChannelStands() {
    var open = new Open(account(100, 20, 42));
    var state = ChannelState.of(ID, CONFIG, open);
    assertThat(state.channelId()).isEqualTo(ID);
    assertThat(state.balance()).isEqualTo(amount(100));
    assertThat(state.totalClaimed()).isEqualTo(amount(20));
    assertThat(state.chargedCumulativeAmount()).isEqualTo(amount(42));
    assertThat(state.withdrawRequestedAt()).isZero();
  }

  @Test
  void saysWhenThePayerAskedToLeave() {
    var leaving =
        new Withdrawing(account(100, 20, 42), new PendingWithdrawal(amount(1), 5900, 105));
    assertThat(ChannelState.of(ID, CONFIG, leaving).withdrawRequestedAt()).isEqualTo(5000);
  }
}
