package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.state;
import static millrace.protocol.channel.Samples.withNonce;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect.Claimed;
import millrace.protocol.channel.Effect.Deposited;
import millrace.protocol.channel.Effect.Overclaimed;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.StateSeen;
import org.junit.jupiter.api.Test;

/// What a final block does to the figures.
class AccountTest {
  private static final Open OPEN = new Open(account(100, 20, 42));

  @Test
  void postsWhatWasClaimed() {
    var decision = accepted(OPEN.on(new StateSeen(state(101, 100, 42))));
    assertThat(decision.effects()).containsExactly(new Claimed(amount(22)));
    assertThat(decision.next().account().claimed()).isEqualTo(amount(42));
    assertThat(decision.next().account().charged()).isEqualTo(amount(42));
  }

  @Test
  void owesThePayerWhatWasClaimedAboveTheCharge() {
    var decision = accepted(OPEN.on(new StateSeen(state(101, 100, 45))));
    assertThat(decision.effects())
        .containsExactly(new Claimed(amount(25)), new Overclaimed(amount(3)));
    assertThat(decision.next().account().charged()).isEqualTo(amount(45));
  }

  @Test
  void neverForgetsAClaimOrARefund() {
    var seen = accepted(OPEN.on(new StateSeen(withNonce(state(101, 100, 20), 3)))).next();
    var later = accepted(seen.on(new StateSeen(withNonce(state(102, 100, 19), 2)))).next();
    assertThat(later.account().claimed()).isEqualTo(amount(20));
    assertThat(later.account().refundNonce()).isEqualTo(BigInteger.valueOf(3));
  }

  @Test
  void takesTheSameBlockTwiceWithoutPostingTwice() {
    var fact = new StateSeen(state(101, 130, 30));
    var once = accepted(OPEN.on(fact));
    assertThat(once.effects()).containsExactly(new Deposited(amount(30)), new Claimed(amount(10)));
    assertThat(once.next().on(fact)).isEqualTo(Accepted.unchanged(once.next()));
  }

  @Test
  void ignoresABlockOlderThanOneItHasSeen() {
    assertThat(OPEN.on(new StateSeen(state(99, 500, 90)))).isEqualTo(Accepted.unchanged(OPEN));
    assertThat(OPEN.account().observe(state(99, 500, 90)).account()).isEqualTo(OPEN.account());
  }

  @Test
  void remembersTheHighestPublishedCeiling() {
    var published = accepted(OPEN.on(new CeilingPublished(amount(42)))).next();
    var lower = accepted(published.on(new CeilingPublished(amount(41)))).next();
    assertThat(lower.account().publishedCeiling()).isEqualTo(amount(42));
  }

  @Test
  void claimsWhatWasChargedAndNeverLessThanWasClaimed() {
    assertThat(account(100, 20, 42).claimTarget()).isEqualTo(amount(42));
    assertThat(account(100, 50, 42).claimTarget()).isEqualTo(amount(50));
  }
}
