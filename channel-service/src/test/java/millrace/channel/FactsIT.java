package millrace.channel;

import static millrace.channel.PaymentsIT.reason;
import static millrace.channel.PaymentsIT.taken;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.SweepSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.event.SettlementEvent.VoucherPublished;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FactsIT {
  private final TestHub hub = TestHub.shared();

  @AfterEach
  void theLedgerBalances() {
    assertThat(hub.ledger().summary().imbalance()).isZero();
    assertThat(hub.ledger().summary().payersOff()).isZero();
  }

  @Test
  void aWithdrawalAtTheHeadFreezesAtOnceAndThawsOnlyWhenFinallyGone() {
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant(), 100, 100));

    hub.report(new WithdrawalSeen(channel.id(), withdrawal(50)));
    assertThat(reason(hub.charge(request(channel, merchant(), 200, 100))))
        .isEqualTo(RefusalReason.WITHDRAWAL_PENDING);
    assertThat(hub.channel(channel.id()).withdrawRequestedAt()).isEqualTo(2_000_000_000L - 900);

    hub.report(new ChannelStateSeen(channel.id(), state(49, 1_000, 0)));
    assertThat(reason(hub.charge(request(channel, merchant(), 200, 100))))
        .isEqualTo(RefusalReason.WITHDRAWAL_PENDING);

    hub.report(new ChannelStateSeen(channel.id(), state(60, 1_000, 0)));
    assertThat(taken(hub.charge(request(channel, merchant(), 200, 100))).status())
        .isEqualTo(PaymentStatus.CHARGED);
    assertThat(events(channel, "channel_frozen")).isEqualTo(1);
    assertThat(events(channel, "channel_thawed")).isEqualTo(1);
  }

  @Test
  void aPaymentWhoseServiceHasBegunIsChargedEvenWhenThePayerLeaves() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant(), 100, 100);
    hub.reserve(request, Instant.now().plusSeconds(60));
    hub.report(new WithdrawalSeen(channel.id(), withdrawal(50)));

    assertThat(taken(hub.capture(request, 100)).channel().charged()).isEqualTo(Amount.of(100));
  }

  @Test
  void aWithdrawalArmedBeforeTheHubKnewTheChannelIsNotForgotten() {
    var channel = TestChannel.of(hub.terms());
    hub.report(new WithdrawalSeen(channel.id(), withdrawal(50)));
    hub.report(new ChannelStateSeen(channel.id(), state(45, 1_000, 0)));

    assertThat(reason(hub.charge(request(channel, merchant(), 100, 100))))
        .isEqualTo(RefusalReason.WITHDRAWAL_PENDING);
  }

  @Test
  void anUnknownChannelWithAHistoryMeansThatStateWasLost() {
    var claimed = TestChannel.of(hub.terms());
    hub.report(new ChannelStateSeen(claimed.id(), state(45, 1_000, 300)));
    var refunded = TestChannel.of(hub.terms());
    var nonce = new ChainState(45, Amount.of(1_000), Amount.ZERO, BigInteger.ONE, Optional.empty());
    hub.report(new ChannelStateSeen(refunded.id(), nonce));
    var leaving = TestChannel.of(hub.terms());
    hub.post("/internal/deposits", leaving.deposit(50_000, 1), Object.class);
    hub.report(new WithdrawalSeen(leaving.id(), withdrawal(40)));
    hub.report(new ChannelStateSeen(leaving.id(), state(45, 1_000, 300)));

    for (var channel : List.of(claimed, refunded, leaving)) {
      assertThat(reason(hub.charge(request(channel, merchant(), 400, 100))))
          .isEqualTo(RefusalReason.STATE_LOST);
      hub.report(new ChannelStateSeen(channel.id(), state(55, 2_000, 350)));
      assertThat(reason(hub.charge(request(channel, merchant(), 450, 100))))
          .isEqualTo(RefusalReason.STATE_LOST);
    }
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void moreClaimedThanChargedIsOwedBackToThePayer() {
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant(), 100, 100));
    var before = hub.ledger().summary().credit();

    hub.report(new ChannelStateSeen(channel.id(), state(45, 1_000, 130)));

    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(130));
    assertThat(hub.ledger().summary().credit().subtract(before)).isEqualTo(30);
  }

  @Test
  void lessMoneyThanChargedIsAShortfallUntilItIsFundedAgain() {
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant(), 900, 900));
    var before = hub.ledger().summary().shortfall();

    hub.report(new ChannelStateSeen(channel.id(), state(45, 200, 0)));
    assertThat(reason(hub.charge(request(channel, merchant(), 901, 1))))
        .isEqualTo(RefusalReason.SHORTFALL);
    assertThat(hub.ledger().summary().shortfall().subtract(before)).isEqualTo(700);
    assertThat(events(channel, "channel_closed")).isEqualTo(1);

    hub.report(new ChannelStateSeen(channel.id(), state(46, 901, 0)));
    assertThat(taken(hub.charge(request(channel, merchant(), 901, 1))).status())
        .isEqualTo(PaymentStatus.CHARGED);
  }

  @Test
  void aSweepIsPostedOnce() {
    var before = hub.ledger().summary().vault();
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant(), 100, 100));
    var transaction = TestChannel.bytes32(System.nanoTime());
    var token = hub.terms().token().address();
    var sweep = new SweepSeen(token, Amount.of(100), transaction, 3, 46);

    hub.report(
        new ChannelStateSeen(channel.id(), state(45, 1_000, 100)),
        sweep,
        sweep,
        new SweepSeen(hub.terms().vault(), Amount.of(5), transaction, 4, 46));
    hub.report(sweep);

    assertThat(hub.ledger().summary().vault().subtract(before)).isEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("millrace.testkit.Seeds#stream")
  void everyEventTwiceAndInAnyOrderLeadsToTheSameState(long seed) {
    var random = new Random(seed);
    var merchant = merchant();
    var straight = hub.open(1_000);
    var crooked = hub.open(1_000);
    for (var channel : List.of(straight, crooked)) {
      hub.charge(request(channel, merchant, 400, 400));
    }

    hub.report(history(straight).toArray(Event[]::new));
    var shuffled = new ArrayList<>(history(crooked));
    shuffled.addAll(history(crooked));
    Collections.shuffle(shuffled, random);
    for (var event : shuffled) hub.report(event);

    assertThat(row(crooked)).isEqualTo(row(straight));
  }

  /// States of the chain, each of which may come before or after any other.
  private static List<Event> history(TestChannel channel) {
    var leaving = withdrawal(13);
    return List.of(
        new ChannelStateSeen(channel.id(), state(11, 1_500, 0)),
        new ChannelStateSeen(channel.id(), state(12, 1_500, 200)),
        new WithdrawalSeen(channel.id(), leaving),
        new ChannelStateSeen(channel.id(), state(13, 1_500, 200, leaving)),
        new VoucherPublished(channel.id(), Amount.of(200)),
        new WithdrawalAnswered(
            channel.id(), Amount.of(400), Amount.of(400), Bytes32.ZERO, Instant.EPOCH),
        new ChannelStateSeen(channel.id(), state(14, 1_500, 400, leaving)),
        new ChannelStateSeen(channel.id(), state(20, 400, 400)));
  }

  private String row(TestChannel channel) {
    return hub.sql()
        .sql(
            """
            SELECT concat_ws(' ', balance, claimed, charged, published_ceiling, seen_block,
                             withdrawal_block, lost, opened, payer_balance)
              FROM channel WHERE channel_id = ?
            """)
        .param(channel.id().toArray())
        .query(String.class)
        .single();
  }

  private long events(TestChannel channel, String type) {
    return PublishedEvents.of(hub, channel.id().toString(), type).size();
  }

  private static PendingWithdrawal withdrawal(long block) {
    return new PendingWithdrawal(Amount.of(1), 2_000_000_000L, block);
  }
}
