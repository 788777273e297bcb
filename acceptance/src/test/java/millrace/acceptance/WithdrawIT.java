package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import millrace.payer.Outcome;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.Test;

/// Spend, then take the money back: the one fraud that a channel allows. The last class, because it
/// moves the chain's clock ahead.
class WithdrawIT {
  private static final Amount PRICE = Amount.of(100);

  /// More than can be spent before the hub notices.
  private static final Amount LOCKED = Amount.of(1_000_000);

  private static final Duration DELAY = Duration.ofMinutes(15);
  private static final Duration AFTERMATH = Duration.ofSeconds(3);
  private static final Duration SEEN_LIMIT = Duration.ofSeconds(30);
  private static final Duration CLAIM_LIMIT = Duration.ofSeconds(60);
  private static final Duration PAYOUT_LIMIT = Duration.ofSeconds(90);
  private static final Duration GUARD_LIMIT = Duration.ofSeconds(30);
  private static final String TOWER = "watchtower-service";
  private static final int SPENT = 10;

  /// How far these tests have moved the chain's clock.
  private static Duration ahead = Duration.ZERO;

  @Test
  void whoSpendsAndThenWithdrawsTakesNothingThatWasServed() throws Exception {
    var hub = Hub.running();
    try (var upstream = new Upstream()) {
      var merchants = new Merchant[] {Merchant.at(hub, "Dora"), Merchant.at(hub, "Emil")};
      var urls =
          new URI[] {merchants[0].route(upstream, PRICE), merchants[1].route(upstream, PRICE)};
      var cheat = Spender.at(hub, "cheat", clock());
      cheat.mustOpen(urls[0], LOCKED);
      for (int i = 1; i < 20; i++) cheat.mustPay(urls[i % 2]);
      var channel = cheat.channel();
      var locked = cheat.chain().read(channel.id()).balance();

      long late = withdrawWhilePaying(hub, cheat, urls, locked);

      for (int i = 0; i < 10; i++) {
        assertThat(cheat.pay(urls[i % 2]))
            .as("a payment after the withdrawal was seen")
            .isInstanceOf(Outcome.Refused.class);
      }
      var charged = hub.channel(channel.id()).charged();
      assertThat(charged).isEqualTo(PRICE.times(20 + late));

      assertClaimedBeforeThePayerHasTheRest(hub, cheat, locked, charged);
      Progress.say(
          "withdraw: %s claimed in time; the payer got back %s, the unspent rest",
          charged, locked.minus(charged));
      for (int i = 0; i < 10; i++) {
        assertThat(cheat.pay(urls[i % 2]))
            .as("a payment from the emptied channel")
            .isNotInstanceOf(Outcome.Paid.class);
      }
      assertThat(upstream.served()).isEqualTo(20 + late);

      var received = Amount.ZERO;
      for (var merchant : merchants) {
        var earned = merchant.balance().earned();
        assertThat(merchant.payOut(PAYOUT_LIMIT)).isEqualTo(earned);
        assertThat(hub.chain().tokenBalance(merchant.payee())).isEqualTo(earned);
        received = received.plus(earned);
      }
      assertThat(received).isEqualTo(charged);
      Journal.inOrder(hub);
      Progress.say(
          "withdraw: served %d, accepted after the withdrawal was seen 0, merchants received %s of"
              + " %s",
          20 + late, received, charged);
    }
  }

  @Test
  void withoutSettlementTheTowerBringsHomeAllThatWasGuarded() throws Exception {
    var hub = Hub.running();
    assertGuardedIsPaid(
        hub, "settlement-dead", List.of(hub.processes().service("settlement-service")));
  }

  @Test
  void aloneTheTowerBringsHomeAllThatWasGuarded() throws Exception {
    var hub = Hub.running();
    var others =
        new ArrayList<>(hub.services().stream().filter(one -> !one.name().equals(TOWER)).toList());
    others.add(hub.kafka());
    assertGuardedIsPaid(hub, "all-dead", others);
  }

  /// What was acknowledged and guarded reaches the merchant to the unit, whoever of the others is
  /// dead from before the withdrawal until the payer is gone.
  private static void assertGuardedIsPaid(Hub hub, String name, List<HubProcess> dead)
      throws Exception {
    try (var upstream = new Upstream()) {
      var merchant = Merchant.at(hub, "Greta-" + name);
      var url = merchant.route(upstream, PRICE);
      var cheat = Spender.at(hub, name, clock());
      cheat.mustOpen(url, LOCKED);
      for (int i = 1; i < SPENT; i++) cheat.mustPay(url);
      var channel = cheat.channel();
      var locked = cheat.chain().read(channel.id()).balance();
      var charged = PRICE.times(SPENT);
      Eventually.holds(
          "all payments are guarded", GUARD_LIMIT, () -> guarded(hub, merchant) == SPENT);
      for (var process : dead) process.kill();
      try {
        cheat.chain().initiateWithdraw(channel.config(), locked);
        assertClaimedBeforeThePayerHasTheRest(hub, cheat, locked, charged);
      } finally {
        for (var process : dead.reversed()) {
          process.start();
          process.awaitReady();
        }
      }
      Eventually.holds(
          "the merchant has %s".formatted(charged),
          PAYOUT_LIMIT,
          () -> merchant.balance().earned().equals(charged));
      assertThat(merchant.payOut(PAYOUT_LIMIT)).isEqualTo(charged);
      assertThat(hub.chain().tokenBalance(merchant.payee())).isEqualTo(charged);
      Progress.say("withdraw, %s: merchant received %s of %s", name, charged, charged);
    }
  }

  private static void assertClaimedBeforeThePayerHasTheRest(
      Hub hub, Spender cheat, Amount locked, Amount charged) throws Exception {
    var channel = cheat.channel();
    Eventually.holds(
        "all that was served, %s, is claimed on chain".formatted(charged),
        CLAIM_LIMIT,
        () -> cheat.chain().read(channel.id()).claimed().equals(charged));
    passDelay(hub);
    var before = hub.chain().tokenBalance(cheat.key().address());
    cheat.chain().finalizeWithdraw(channel.config());
    assertThat(hub.chain().tokenBalance(cheat.key().address()))
        .isEqualTo(before.plus(locked.minus(charged)));
  }

  private static long guarded(Hub hub, Merchant merchant) throws Exception {
    var list = Rest.json(Rest.get(hub.gateway("/v1/payments?limit=100"), merchant.authorized()));
    long guarded = 0;
    for (var payment : list.get("data")) {
      if (payment.get("guarded").booleanValue()) guarded++;
    }
    return guarded;
  }

  private static void passDelay(Hub hub) {
    var step = DELAY.plusSeconds(1);
    hub.chain().increaseTime(step);
    ahead = ahead.plus(step);
  }

  /// The time of the chain, by which authorisations live.
  private static Clock clock() {
    return Clock.offset(Clock.systemUTC(), ahead);
  }

  /// Announces the withdrawal of everything and never stops paying.
  ///
  /// @return how many payments were served on the way
  private static long withdrawWhilePaying(Hub hub, Spender cheat, URI[] urls, Amount locked)
      throws Exception {
    var channel = cheat.channel();
    var attempts = new ConcurrentLinkedQueue<Attempt>();
    var paying =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                      long begun = System.nanoTime();
                      attempts.add(new Attempt(begun, cheat.pay(urls[i % 2])));
                    }
                  } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                  }
                });
    // The payer's own library would stop paying now, so the contract is called behind its back.
    var transaction = cheat.chain().initiateWithdraw(channel.config(), locked);
    Eventually.holds(
        "the hub sees the withdrawal",
        SEEN_LIMIT,
        () -> hub.channel(channel.id()).withdrawRequestedAt() != 0);
    long seen = System.nanoTime();
    Thread.sleep(AFTERMATH);
    Eventually.holds("it goes on trying", SEEN_LIMIT, () -> begunAfter(seen, attempts).size() > 5);
    paying.interrupt();
    assertThat(paying.join(Duration.ofSeconds(30))).isTrue();

    var after = begunAfter(seen, attempts);
    assertThat(after).noneMatch(attempt -> attempt.outcome() instanceof Outcome.Paid);
    long served = attempts.stream().filter(it -> it.outcome() instanceof Outcome.Paid).count();
    Progress.say(
        "withdraw: %s of %s announced by %s; %d payments served on the way, then %d of %d refused",
        locked, locked, transaction, served, after.size(), after.size());
    return served;
  }

  private static List<Attempt> begunAfter(long nanos, Collection<Attempt> attempts) {
    return attempts.stream().filter(attempt -> attempt.begun() > nanos).toList();
  }

  private record Attempt(long begun, Outcome outcome) {}
}
