package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import millrace.payer.Outcome;
import millrace.protocol.type.Amount;
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

  @Test
  void whoSpendsAndThenWithdrawsTakesNothingThatWasServed() throws Exception {
    var hub = Hub.running();
    try (var upstream = new Upstream()) {
      var merchants = new Merchant[] {Merchant.at(hub, "Dora"), Merchant.at(hub, "Emil")};
      var urls =
          new URI[] {merchants[0].route(upstream, PRICE), merchants[1].route(upstream, PRICE)};
      var cheat = Spender.at(hub, "cheat", Clock.systemUTC());
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

      Eventually.holds(
          "all that was served, %s, is claimed on chain".formatted(charged),
          CLAIM_LIMIT,
          () -> cheat.chain().read(channel.id()).claimed().equals(charged));
      hub.chain().increaseTime(DELAY.plusSeconds(1));
      var before = hub.chain().tokenBalance(cheat.key().address());
      cheat.chain().finalizeWithdraw(channel.config());
      assertThat(hub.chain().tokenBalance(cheat.key().address()))
          .isEqualTo(before.plus(locked.minus(charged)));
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
          "withdraw: served %d, accepted after the withdrawal was seen 0, merchants received %s of %s",
          20 + late, received, charged);
    }
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
    paying.interrupt();
    assertThat(paying.join(Duration.ofSeconds(30))).isTrue();

    var after = attempts.stream().filter(attempt -> attempt.begun() > seen).toList();
    assertThat(after).as("attempts after the withdrawal was seen").hasSizeGreaterThan(5);
    assertThat(after).noneMatch(attempt -> attempt.outcome() instanceof Outcome.Paid);
    long served = attempts.stream().filter(it -> it.outcome() instanceof Outcome.Paid).count();
    Progress.say(
        "withdraw: %s of %s announced by %s; %d payments served on the way, then %d of %d refused",
        locked, locked, transaction, served, after.size(), after.size());
    return served;
  }

  private record Attempt(long begun, Outcome outcome) {}
}
