package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.POLICY;
import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.payment;
import static millrace.protocol.channel.Samples.state;
import static millrace.protocol.channel.Samples.voucher;
import static millrace.protocol.channel.Samples.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Input.EarlyCreditGranted;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import org.junit.jupiter.api.Test;

class EarlyCreditTest {
  /// 100 are final, 50 of block 120 are not; the last final block is 100.
  private final Channel channel = granted(new Open(account(100, 0, 90)), 50, 120);

  @Test
  void paymentsMayUseItAndNoMore() {
    assertThat(pay(channel, 151, 61)).isEqualTo(new Refused(Refusal.EXCEEDS_BALANCE));
    assertThat(after(pay(channel, 150, 60)).account().exposure()).isEqualTo(amount(50));
  }

  @Test
  void whatIsNotFinalIsNotGivenBack() {
    var refund = new RefundReceived(voucher(90), Optional.of(amount(11)), POLICY, at(10_000_000));
    assertThat(channel.on(refund)).isEqualTo(new Refused(Refusal.REFUND_AMOUNT_INVALID));
  }

  @Test
  void aFinalBlockAsHighEndsItWhateverItSays() {
    var spent = after(pay(channel, 150, 60));
    var kept = after(spent.on(new StateSeen(state(120, 150, 0))));
    assertThat(kept).isInstanceOf(Open.class);
    assertThat(kept.account().covered()).isEqualTo(amount(150));
    assertThat(kept.account().exposure()).isEqualTo(amount(0));

    var lost = after(spent.on(new StateSeen(state(120, 100, 0))));
    assertThat(lost).isInstanceOf(Underfunded.class);
    assertThat(lost.account().exposure()).isEqualTo(amount(50));
    assertThat(pay(lost, 151, 1)).isEqualTo(new Refused(Refusal.SHORTFALL));
  }

  @Test
  void anOlderFinalBlockDoesNotEndIt() {
    var older = after(channel.on(new StateSeen(state(119, 100, 0))));
    assertThat(older.account().covered()).isEqualTo(amount(150));
  }

  @Test
  void thereIsOneAtATimeAndNoneThatIsOverOrWhileThePayerLeaves() {
    assertThat(granted(channel, 70, 130).account().covered()).isEqualTo(amount(150));
    assertThat(granted(new Open(account(100, 0, 90)), 50, 100).account().early()).isEmpty();
    var leaving = new Withdrawing(account(100, 0, 90), withdrawal(110));
    assertThat(granted(leaving, 50, 120).account().early()).isEmpty();
  }

  @Test
  void aNewChannelOpensWithIt() {
    var opening = new Opening(Account.EMPTY);
    var open = granted(opening, 50, 120);
    assertThat(open).isInstanceOf(Open.class);
    assertThat(pay(open, 50, 50)).isInstanceOf(Decision.Accepted.class);
    assertThat(after(open.on(new StateSeen(state(120, 0, 0))))).isInstanceOf(Opening.class);
  }

  private static Channel granted(Channel channel, long units, long block) {
    return after(channel.on(new EarlyCreditGranted(new EarlyCredit(amount(units), block))));
  }

  private static Decision pay(Channel channel, long ceiling, long price) {
    return channel.on(new VoucherReceived(voucher(ceiling), payment(1), amount(price), at(100)));
  }

  private static Channel after(Decision decision) {
    return accepted(decision).next();
  }
}
