package millrace.channel.payment;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import millrace.channel.TestChannel;
import millrace.channel.TestHub;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Hold;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.protocol.type.MerchantId;
import org.junit.jupiter.api.Test;

/// Beside the test's own sweep those of the hub's replicas go on.
final class HoldSweepIT {
  /// More than a sweep asks PostgreSQL for at once.
  private static final int BROKEN = 201;

  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  /// Goal: holds that cannot be ended keep nobody else's money, be they ever so many and the first
  /// in the row, and are ended some time after they can be.
  @Test
  void holdsThatCannotBeEndedAreInNobodysWay() {
    var broken = hub.open(1_000);
    var stuck = holds(broken, BROKEN);
    setHeld(broken, 0);
    endTimeOf(broken);
    var good = hub.open(1_000);
    var freed = holds(good, 1).getFirst();
    endTimeOf(good);
    var clock = new HandClock();
    var sweep =
        new HoldSweep(
            hub.replica(0).getBean(PaymentRows.class), hub.replica(0).getBean(Holds.class), clock);

    sweep.sweep();
    assertThat(status(freed)).isEqualTo(PaymentStatus.CANCELED);
    assertThat(stuck).allMatch(hold -> status(hold) == PaymentStatus.HELD);

    setHeld(broken, BROKEN);
    clock.now = clock.now.plus(Duration.ofMinutes(1));
    sweep.sweep();
    assertThat(stuck).allMatch(hold -> status(hold) == PaymentStatus.CANCELED);
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  /// So many holds of one unit.
  private List<PaymentRequest> holds(TestChannel channel, int count) {
    var requests =
        IntStream.rangeClosed(1, count)
            .mapToObj(ceiling -> request(channel, merchant, ceiling, 1))
            .toList();
    var soon = Instant.now().plusSeconds(600);
    var commands =
        requests.stream().map(request -> new Hold(request, soon)).toArray(PaymentCommand[]::new);
    assertThat(hub.pay(0, commands)).allMatch(Taken.class::isInstance);
    return requests;
  }

  private void endTimeOf(TestChannel channel) {
    hub.sql()
        .sql("UPDATE payment SET held_until = now() WHERE channel_id = ?")
        .param(channel.id().toArray())
        .update();
  }

  /// As if the channel's row did not know of its holds.
  private void setHeld(TestChannel channel, int held) {
    hub.sql()
        .sql("UPDATE channel SET held = ? WHERE channel_id = ?")
        .params(held, channel.id().toArray())
        .update();
  }

  private PaymentStatus status(PaymentRequest request) {
    return hub.get("/internal/payments/" + request.id(), PaymentView.class).status();
  }

  private static final class HandClock extends Clock {
    private Instant now = Instant.now().plusSeconds(1);

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
