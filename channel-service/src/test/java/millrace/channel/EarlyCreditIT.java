package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.ExposureView;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Deposits that are used before they are final: 15,000 units for a payer, 40,000 in all.
final class EarlyCreditIT {
  private static TestHub hub;

  @BeforeAll
  static void start() {
    hub =
        TestHub.start(
                TestPostgres.freshDatabase(),
                1,
                Map.of(
                    "millrace.channel.deposit.early-per-payer",
                    "15000",
                    "millrace.channel.deposit.early-total",
                    "40000"))
            .deaf();
    hub.headSeen(Instant.now().plusSeconds(6_000));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @BeforeEach
  void nothingIsExposed() {
    hub.sql().sql("DELETE FROM exposure").update();
  }

  @Test
  void withoutALimitADepositCountsOnlyWhenItIsFinal() {
    var careful = TestHub.shared();
    var channel = TestChannel.of(careful.terms());
    careful.post("/internal/deposits", channel.deposit(10_000, 1), DepositOutcome.class);
    careful.report(seen(channel, 10_000, 10_000, 50));
    assertThat(PaymentsIT.reason(careful.charge(request(channel, merchant(), 1, 1))))
        .isEqualTo(RefusalReason.NOT_FUNDED);
    assertThat(careful.get("/internal/exposure", ExposureView.class).total())
        .isEqualTo(Amount.ZERO);
  }

  @Test
  void aMinedDepositIsUsedAtOnceAndCountsOnceWhenItIsFinal() {
    var channel = mined(10_000, 50);
    assertThat(hub.post("/internal/deposits", channel.deposit(10_000, 1), DepositOutcome.class))
        .isInstanceOf(DepositOutcome.Confirmed.class);
    assertThat(used()).isEqualTo(10_000);

    assertThat(hub.charge(request(channel, merchant(), 4_000, 4_000))).isInstanceOf(Taken.class);
    hub.report(new ChannelStateSeen(channel.id(), state(50, 10_000, 0)));
    hub.report(
        new DepositConfirmed(
            channel.id(),
            channel.nonce(1),
            TestChannel.bytes32(1),
            Amount.of(10_000),
            state(50, 10_000, 0)));

    assertThat(used()).isZero();
    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant(), 10_001, 6_001))))
        .isEqualTo(RefusalReason.EXCEEDS_BALANCE);
    assertThat(hub.charge(request(channel, merchant(), 10_000, 6_000))).isInstanceOf(Taken.class);
    assertThat(hub.ledger().summary().balances()).isTrue();
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void aDepositThatIsReorganisedAwayCostsNoMoreThanTheLimitOfItsPayer() {
    var channel = mined(100_000, 50);
    var merchant = merchant();
    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant, 15_001, 15_001))))
        .isEqualTo(RefusalReason.EXCEEDS_BALANCE);
    assertThat(hub.charge(request(channel, merchant, 15_000, 15_000))).isInstanceOf(Taken.class);
    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant, 15_001, 1))))
        .isEqualTo(RefusalReason.EXCEEDS_BALANCE);

    hub.report(new ChannelStateSeen(channel.id(), state(51, 0, 0)));

    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant, 15_001, 1))))
        .isEqualTo(RefusalReason.SHORTFALL);
    assertThat(hub.ledger().summary().shortfall()).isEqualTo(15_000);
    assertThat(used()).as("what is missing goes on counting").isEqualTo(15_000);
    // The same payer again, in another channel: its limit is used up.
    var again = deposited(channel.payer(), 20_000, 52);
    assertThat(PaymentsIT.reason(hub.charge(request(again, merchant, 1, 1))))
        .isEqualTo(RefusalReason.NOT_FUNDED);
    hub.report(new ChannelStateSeen(channel.id(), state(60, 100_000, 0)));
    assertThat(used()).isZero();
    assertThat(hub.charge(request(channel, merchant, 15_001, 1))).isInstanceOf(Taken.class);
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void allPayersTogetherUseNoMoreThanTheTotal() {
    for (int i = 0; i < 3; i++) mined(15_000, 50);
    assertThat(used()).isEqualTo(40_000);
    var late = mined(10_000, 50);
    assertThat(PaymentsIT.reason(hub.charge(request(late, merchant(), 1, 1))))
        .isEqualTo(RefusalReason.NOT_FUNDED);
    var exposure = hub.get("/internal/exposure", ExposureView.class);
    assertThat(exposure.perPayer()).isEqualTo(Amount.of(15_000));
    assertThat(exposure.payers()).hasSize(3);
  }

  @Test
  void severalDepositsOfOneMomentShareTheLimits() {
    var payer = SigningKey.of(TestChannel.bytes32(System.nanoTime()));
    var one = asked(payer, 10_000);
    var other = asked(payer, 10_000);
    hub.report(seen(one, 10_000, 10_000, 50), seen(other, 10_000, 10_000, 50));
    assertThat(used()).isEqualTo(15_000);
  }

  @Test
  void theFirstMoneyOfAChannelWithAPastIsNotUsedEarly() {
    var channel = asked(SigningKey.of(TestChannel.bytes32(System.nanoTime())), 10_000);
    hub.report(seen(channel, 10_000, 12_000, 50));
    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant(), 1, 1))))
        .isEqualTo(RefusalReason.NOT_FUNDED);
    assertThat(used()).isZero();
  }

  @Test
  void newsOfABlockThatAFinalOneHasOvertakenGrantNothing() {
    var channel = hub.open(1_000);
    hub.report(seen(channel, 10_000, 11_000, 10));
    assertThat(used()).isZero();
  }

  private static TestChannel mined(long amount, long block) {
    return deposited(SigningKey.of(TestChannel.bytes32(System.nanoTime())), amount, block);
  }

  private static TestChannel deposited(SigningKey payer, long amount, long block) {
    var channel = asked(payer, amount);
    hub.report(seen(channel, amount, amount, block));
    return channel;
  }

  private static TestChannel asked(SigningKey payer, long amount) {
    HubTerms terms = hub.terms();
    var channel = TestChannel.of(terms, payer);
    hub.post("/internal/deposits", channel.deposit(amount, 1), DepositOutcome.class);
    return channel;
  }

  private static DepositSeen seen(TestChannel channel, long amount, long balance, long block) {
    return new DepositSeen(
        channel.id(), Amount.of(amount), Amount.of(balance), TestChannel.bytes32(7), block);
  }

  private static long used() {
    return hub.get("/internal/exposure", ExposureView.class).used().units().longValueExact();
  }
}
