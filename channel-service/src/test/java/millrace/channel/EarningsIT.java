package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.messaging.command.EarnedView;
import millrace.messaging.command.PayeeCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.testkit.Persona;
import millrace.testkit.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is told of merchants' earnings, and when.
final class EarningsIT {
  private static TestHub hub;

  private final MerchantId merchant = merchant();

  @BeforeAll
  static void start() {
    hub =
        TestHub.start(
                TestPostgres.freshDatabase(),
                2,
                Map.of("millrace.channel.earning.interval", "100ms"))
            .deaf();
    hub.headSeen(Instant.now().plusSeconds(6_000));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void everythingEverChargedIsToldAndNeverLess() {
    assertThat(earned()).isEqualTo(Amount.ZERO);
    tellPayee();
    hub.charge(request(hub.open(1_000), merchant, 700, 700));
    await(700);
    assertThat(earned()).isEqualTo(Amount.of(700));

    var payout = payout(400);
    hub.report(
        new PayoutConfirmed(
            payout,
            merchant,
            Persona.MERCHANT.address(),
            hub.terms().token().address(),
            Amount.of(400),
            TestChannel.bytes32(5)));
    hub.charge(request(hub.open(1_000), merchant, 50, 50));

    await(750);
    assertThat(earned()).isEqualTo(Amount.of(750));
    var told = PublishedEvents.of(hub, merchant.value(), "merchant_earned");
    assertThat(told.getFirst()).contains("\"total\":\"700\"");
    assertThat(told.getLast()).contains("\"total\":\"750\"");
  }

  @Test
  void whoEarnedBeforeItsPayeeWasKnownIsToldOfThen() {
    hub.charge(request(hub.open(1_000), merchant, 30, 30));
    tellPayee();
    tellPayee();
    await(30);
  }

  private void tellPayee() {
    var payees = new PayeeCommand[] {new PayeeCommand(merchant, Persona.MERCHANT.address())};
    assertThat(hub.post("/internal/payees", payees, Integer.class)).isEqualTo(1);
  }

  private Amount earned() {
    var views = hub.get("/internal/earnings?merchants=" + merchant, EarnedView[].class);
    assertThat(List.of(views)).extracting(EarnedView::merchantId).containsExactly(merchant);
    return views[0].total();
  }

  private void await(long told) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                hub.sql()
                    .sql("SELECT told FROM payee WHERE merchant_id = ?")
                    .param(merchant.value())
                    .query(Long.class)
                    .optional()
                    .filter(total -> total == told)
                    .isPresent());
  }

  private PayoutId payout(long amount) {
    var command =
        new PayoutCommand(
            new PayoutId("po_" + TestHub.id()),
            merchant,
            Persona.MERCHANT.address(),
            hub.terms().token().address(),
            Optional.of(Amount.of(amount)),
            "key-" + TestHub.id(),
            "print");
    var taken = (PayoutOutcome.Taken) hub.post("/internal/payouts", command, PayoutOutcome.class);
    return taken.payout().id();
  }
}
