package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import millrace.payer.Http.Answer;
import millrace.payer.Outcome;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What callers are told while something behind the hub is away: to come back, and nothing else.
class OutageIT {
  private static final Amount PRICE = Amount.of(100);
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private final Hub hub;
  private final Upstream upstream = new Upstream();
  private final URI url;
  private final Spender spender;

  OutageIT() throws Exception {
    hub = Hub.running();
    url = Merchant.at(hub, "Fritz").route(upstream, PRICE);
    spender = Spender.at(hub, "outage-" + System.nanoTime());
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void withoutTheDatabaseCallersAreToldToComeBack() throws Exception {
    spender.mustPay(url);
    hub.postgres().killImmediately();
    try {
      for (int i = 0; i < 5; i++) assertComeBack(spender.pay(url));
      var open = Rest.get(hub.internal("/internal/ledger"), Map.of());
      assertThat(open.statusCode()).isEqualTo(503);
      assertThat(open.headers().firstValue("Retry-After")).isPresent();
    } finally {
      hub.postgres().restart();
    }
    recovers("the database");
  }

  @Test
  void withoutTheBrokerPaymentsGoOn() throws Exception {
    spender.mustPay(url);
    hub.kafka().kill();
    try {
      for (int i = 0; i < 20; i++) spender.mustPay(url);
      // A deposit needs another service, which cannot be told now.
      assertComeBack(Spender.at(hub, "outage-new-" + System.nanoTime()).pay(url));
    } finally {
      hub.kafka().start();
      hub.kafka().awaitReady();
    }
    recovers("the broker");
  }

  @Test
  void withoutTheChainOpenChannelsPayOn() throws Exception {
    spender.mustPay(url);
    var fresh = Spender.at(hub, "outage-new-" + System.nanoTime());
    hub.chainGate().cut();
    try {
      for (int i = 0; i < 20; i++) spender.mustPay(url);
      assertComeBack(fresh.pay(url));
    } finally {
      hub.chainGate().mend();
    }
    recovers("the chain");
    Eventually.holds("the deposit that waited for the chain is taken", RECOVERY, () -> pays(fresh));
  }

  private void recovers(String what) throws InterruptedException {
    var begin = System.nanoTime();
    Eventually.holds("payments go on after " + what + " is back", RECOVERY, () -> pays(spender));
    var other = Spender.at(hub, "outage-after-" + System.nanoTime());
    Eventually.holds(
        "channels can be opened after " + what + " is back", RECOVERY, () -> pays(other));
    Progress.say(
        "outage of %s: payments and deposits work again after %.1f s",
        what, Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0);
  }

  /// Whoever waits for it in vain is told the last answer.
  private boolean pays(Spender payer) throws InterruptedException {
    var outcome = payer.pay(url);
    if (outcome instanceof Outcome.Paid) return true;
    throw new IllegalStateException(Spender.describe(outcome));
  }

  /// Either 503 with a time to come back at, or a 402 that says that the deposit is under way.
  private static void assertComeBack(Outcome outcome) {
    switch (outcome) {
      case Outcome.Unconfirmed(var answer) -> assertUnavailable(answer);
      case Outcome.Free(var answer) -> assertUnavailable(answer);
      case Outcome.Refused(_, var error) -> assertThat(error).isEqualTo("settlement_pending");
      case Outcome other -> throw new AssertionError(Spender.describe(other));
    }
  }

  private static void assertUnavailable(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).as(answer.text()).isPresent();
  }
}
