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
import millrace.messaging.command.PaymentCommand.Reserve;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.Event;
import millrace.protocol.type.MerchantId;
import org.junit.jupiter.api.Test;

/// Beside the test's own sweep those of the hub's replicas go on.
final class SweepIT {
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
    assertThat(statuses(stuck)).containsOnly(PaymentStatus.HELD);

    setHeld(broken, BROKEN);
    clock.now = clock.now.plus(Duration.ofMinutes(1));
    sweep.sweep();
    assertThat(statuses(stuck)).containsOnly(PaymentStatus.CANCELED);
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  /// Goal: reservations that cannot be ended keep nobody else's channel busy, be they ever so many
  /// and the first in the row, and are ended some time after they can be.
  @Test
  void reservationsThatCannotBeEndedAreInNobodysWay() {
    var channels = channels(BROKEN + 1);
    var reserved = reservations(channels);
    var good = channels.getLast();
    var freed = reserved.getLast();
    var stuck = reserved.subList(0, BROKEN);
    setStatus(stuck, PaymentStatus.RELEASED);
    channels.subList(0, BROKEN).forEach(channel -> endReservationOf(channel, 2));
    endReservationOf(good, 1);
    var clock = new HandClock();
    var rows = hub.replica(0).getBean(PaymentRows.class);
    var sweep = new Reservations(rows, hub.replica(0).getBean(Payments.class), clock);

    sweep.sweep();
    assertThat(status(freed)).isEqualTo(PaymentStatus.EXPIRED);
    assertThat(hub.charge(request(good, merchant, 70, 70))).isInstanceOf(Taken.class);
    assertThat(reserved(channels)).isEqualTo(BROKEN);

    setStatus(stuck, PaymentStatus.RESERVED);
    clock.now = clock.now.plus(Duration.ofMinutes(1));
    sweep.sweep();
    assertThat(statuses(stuck)).containsOnly(PaymentStatus.EXPIRED);
    assertThat(reserved(channels)).isZero();
  }

  /// Of a lost channel nothing is known, and it comes again with every sweep.
  @Test
  void reservationsOfLostChannelsAreInNobodysWay() {
    var lost = channels(BROKEN);
    var good = hub.open(1_000);
    var kept = reservations(lost);
    var freed = reservations(List.of(good)).getFirst();
    lost.forEach(channel -> setLost(channel, true));
    lost.forEach(channel -> endReservationOf(channel, 2));
    endReservationOf(good, 1);
    var rows = hub.replica(0).getBean(PaymentRows.class);
    var payments = hub.replica(0).getBean(Payments.class);
    var sweep = new Reservations(rows, payments, new HandClock());

    sweep.sweep();
    assertThat(status(freed)).isEqualTo(PaymentStatus.EXPIRED);
    assertThat(statuses(kept)).containsOnly(PaymentStatus.RESERVED);

    lost.forEach(channel -> setLost(channel, false));
    sweep.sweep();
    assertThat(statuses(kept)).containsOnly(PaymentStatus.EXPIRED);
  }

  private List<TestChannel> channels(int count) {
    var channels = IntStream.range(0, count).mapToObj(_ -> TestChannel.of(hub.terms())).toList();
    hub.report(
        channels.stream()
            .map(channel -> new ChannelStateSeen(channel.id(), TestHub.state(10, 1_000, 0)))
            .toArray(Event[]::new));
    return channels;
  }

  private List<PaymentRequest> reservations(List<TestChannel> channels) {
    var requests = channels.stream().map(channel -> request(channel, merchant, 100, 100)).toList();
    var soon = Instant.now().plusSeconds(600);
    var commands =
        requests.stream().map(request -> new Reserve(request, soon)).toArray(PaymentCommand[]::new);
    assertThat(hub.pay(0, commands)).allMatch(Taken.class::isInstance);
    return requests;
  }

  private void endReservationOf(TestChannel channel, int minutesAgo) {
    hub.sql()
        .sql(
            """
            UPDATE channel SET reservation_expires_at = now() - make_interval(mins => ?)
             WHERE channel_id = ?
            """)
        .params(minutesAgo, channel.id().toArray())
        .update();
  }

  private int reserved(List<TestChannel> channels) {
    return hub.sql()
        .sql("SELECT count(reservation_payment_id) FROM channel WHERE channel_id = ANY (?)")
        .param(channels.stream().map(channel -> channel.id().toArray()).toArray(byte[][]::new))
        .query(Integer.class)
        .single();
  }

  private List<PaymentStatus> statuses(List<PaymentRequest> payments) {
    return hub.sql()
        .sql("SELECT status FROM payment WHERE id = ANY (?)")
        .param(payments.stream().map(it -> it.id().value()).toArray(String[]::new))
        .query(PaymentStatus.class)
        .list();
  }

  /// As if the journal did not know of what their channels have reserved.
  private void setStatus(List<PaymentRequest> payments, PaymentStatus status) {
    hub.sql()
        .sql(
            """
            UPDATE payment SET status = :status,
                   released_at = CASE WHEN :status = 'RESERVED' THEN NULL ELSE now() END
             WHERE id = ANY (:ids)
            """)
        .param("status", status.name())
        .param("ids", payments.stream().map(it -> it.id().value()).toArray(String[]::new))
        .update();
  }

  private void setLost(TestChannel channel, boolean lost) {
    hub.sql()
        .sql("UPDATE channel SET lost = ? WHERE channel_id = ?")
        .params(lost, channel.id().toArray())
        .update();
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
