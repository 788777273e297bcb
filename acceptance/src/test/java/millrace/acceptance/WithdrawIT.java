package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import millrace.payer.Outcome;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

/// Spend, then take the money back: the one fraud that a channel allows. The last class, because it
/// moves the chain's clock ahead.
class WithdrawIT {
  private static final Amount PRICE = Amount.of(100);
  private static final Duration DELAY = Duration.ofMinutes(15);
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
      for (int i = 0; i < 20; i++) cheat.mustPay(urls[i % 2]);
      var channel = cheat.channel();
      var locked = cheat.chain().read(channel.id()).balance();

      // The payer's own library would stop paying now, so the contract is called behind its back.
      cheat.chain().initiateWithdraw(channel.config(), locked);
      Progress.say("withdraw: 20 payments served, then initiateWithdraw of all %s", locked);
      var late = spendUntilSeen(hub, cheat, urls);

      for (int i = 0; i < 10; i++) {
        assertThat(cheat.pay(urls[i % 2]))
            .as("a payment after the withdrawal was seen")
            .isNotInstanceOf(Outcome.Paid.class);
      }
      var charged = hub.channel(channel.id()).charged();
      assertThat(charged).isEqualTo(PRICE.times(20 + late));
      assertThat(upstream.served()).isEqualTo(20 + late);

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

  /// Goes on paying until the hub knows of the withdrawal.
  ///
  /// @return how many were served after the withdrawal was on chain and before it was seen
  private static long spendUntilSeen(Hub hub, Spender cheat, URI[] urls) throws Exception {
    var late = new AtomicLong();
    var id = cheat.channel().id();
    Eventually.holds(
        "the hub sees the withdrawal",
        SEEN_LIMIT,
        () -> {
          if (hub.channel(id).withdrawRequestedAt() != 0) return true;
          if (cheat.pay(urls[0]) instanceof Outcome.Paid) late.incrementAndGet();
          return false;
        });
    Progress.say("withdraw: seen after %d more payments", late.get());
    return late.get();
  }
}
