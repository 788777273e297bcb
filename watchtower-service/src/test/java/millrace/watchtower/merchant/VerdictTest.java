package millrace.watchtower.merchant;

import static millrace.watchtower.merchant.Samples.KEY;
import static millrace.watchtower.merchant.Samples.NEXT_KEY;
import static millrace.watchtower.merchant.Samples.TERMS;
import static millrace.watchtower.merchant.Samples.promise;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import millrace.chain.contract.PayeeReader.PayeeView;
import millrace.chain.contract.PayeeReader.PromiseKey;
import millrace.protocol.type.Amount;
import millrace.watchtower.merchant.Verdict.Quiet;
import millrace.watchtower.merchant.Verdict.Reason;
import millrace.watchtower.merchant.Verdict.Redeem;
import millrace.watchtower.merchant.Verdict.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
  private static final Duration SILENCE = Duration.ofMinutes(10);
  private static final Duration WITHIN = Duration.ofDays(1);
  private static final long DELAY = 1_000;
  private static final long WINDOW = 500;
  private static final Policy POLICY = new Policy(SILENCE, WITHIN, Amount.of(10));
  private static final Held HELD = new Held(List.of(promise(500)));

  /// A chain on which nothing is wrong, to be changed.
  private static final class Chain {
    long time = 10_000;
    long credited = 100;
    long activeFrom = 1;
    long capLeft = 0;
    long free = 1_000;
    long take = 0;
    long takeAt = 0;
    PromiseKey key = new PromiseKey(1, 0);

    PayeeView view() {
      return new PayeeView(
          7,
          time,
          Amount.of(credited),
          Amount.ZERO,
          activeFrom,
          Amount.of(capLeft),
          Amount.of(free),
          Amount.of(take),
          takeAt,
          WINDOW,
          DELAY,
          Map.of(KEY.address(), key));
    }
  }

  private final Chain chain = new Chain();

  private Verdict verdict() {
    return verdict(Duration.ZERO, Duration.ZERO);
  }

  private Verdict verdict(Duration unheard, Duration owed) {
    return Verdict.of(HELD, chain.view(), POLICY, unheard, owed);
  }

  private static Wait quiet(Quiet quiet, long uncredited) {
    return new Wait(quiet, Amount.of(uncredited));
  }

  @Test
  void waitsWhileTheHubTalksAndNobodyReachesForTheMoney() {
    assertThat(verdict()).isEqualTo(quiet(Quiet.WAITING, 400));
  }

  @Test
  void redeemsWhenATakeIsAnnouncedUntilItCanBeTakenNoMore() {
    chain.take = 1;
    chain.takeAt = 9_000;
    var expected =
        new Redeem(
            promise(500), Reason.TAKE_ANNOUNCED, Amount.of(400), 9_000, OptionalLong.of(10_000));
    for (long time : new long[] {9_000, 9_999, 10_000, 10_499}) {
      chain.time = time;
      assertThat(verdict()).isEqualTo(expected);
    }
    chain.time = 10_500;
    assertThat(verdict()).isEqualTo(quiet(Quiet.WAITING, 400));
  }

  @Test
  void redeemsWhenTheKeyIsRemovedAndCannotOnceItsTimeIsOver() {
    chain.key = new PromiseKey(1, 10_001);
    assertThat(verdict())
        .isEqualTo(
            new Redeem(
                promise(500), Reason.KEY_REMOVED, Amount.of(400), 9_001, OptionalLong.of(10_001)));
    chain.time = 10_001;
    assertThat(verdict()).isEqualTo(quiet(Quiet.NO_KEY, 400));
  }

  @Test
  void redeemsWhenTheHubIsSilentForLongEnough() {
    assertThat(verdict(SILENCE.minusMillis(1), Duration.ZERO)).isInstanceOf(Wait.class);
    assertThat(verdict(SILENCE, Duration.ZERO))
        .isInstanceOfSatisfying(
            Redeem.class, redeem -> assertThat(redeem.reason()).isEqualTo(Reason.HUB_SILENT));
  }

  @Test
  void redeemsWhatAHubThatTalksDoesNotCredit() {
    assertThat(verdict(Duration.ZERO, WITHIN.minusMillis(1))).isInstanceOf(Wait.class);
    assertThat(verdict(Duration.ZERO, WITHIN))
        .isInstanceOfSatisfying(
            Redeem.class, redeem -> assertThat(redeem.reason()).isEqualTo(Reason.OVERDUE));
  }

  @Test
  void theNearestDeadlineIsTheReason() {
    chain.take = 1;
    chain.takeAt = 9_500;
    chain.key = new PromiseKey(1, 10_200);
    assertThat(verdict(SILENCE, WITHIN))
        .isInstanceOfSatisfying(
            Redeem.class, redeem -> assertThat(redeem.reason()).isEqualTo(Reason.KEY_REMOVED));
  }

  @Test
  void doesNothingWhenEverythingIsCredited() {
    chain.credited = 500;
    chain.takeAt = 9_900;
    assertThat(verdict(SILENCE, WITHIN)).isEqualTo(quiet(Quiet.COVERED, 0));
  }

  @Test
  void takesWhatThereIsAndNotLessThanIsWorthTheGas() {
    chain.takeAt = 9_900;
    chain.free = 10;
    assertThat(verdict())
        .isInstanceOfSatisfying(
            Redeem.class, redeem -> assertThat(redeem.gain()).isEqualTo(Amount.of(10)));
    chain.free = 9;
    assertThat(verdict()).isEqualTo(quiet(Quiet.TOO_LITTLE, 400));
    chain.free = 0;
    assertThat(verdict()).isEqualTo(quiet(Quiet.EMPTY_VAULT, 400));
  }

  @Test
  void aNewPayeeGetsWhatTheCapLeaves() {
    chain.takeAt = 9_900;
    chain.activeFrom = 10_001;
    chain.capLeft = 30;
    assertThat(verdict())
        .isInstanceOfSatisfying(
            Redeem.class, redeem -> assertThat(redeem.gain()).isEqualTo(Amount.of(30)));
    chain.activeFrom = 10_000;
    assertThat(verdict())
        .isInstanceOfSatisfying(
            Redeem.class, redeem -> assertThat(redeem.gain()).isEqualTo(Amount.of(400)));
    chain.activeFrom = 0;
    assertThat(verdict()).isEqualTo(quiet(Quiet.UNKNOWN_PAYEE, 400));
  }

  @Test
  void aPromiseOfAKeyThatTheVaultDoesNotKnowCountsForNothing() {
    var held = new Held(List.of(promise(500), promise(TERMS, NEXT_KEY, 9_000)));
    chain.credited = 500;
    assertThat(Verdict.of(held, chain.view(), POLICY, SILENCE, WITHIN))
        .isEqualTo(quiet(Quiet.COVERED, 0));
  }

  @Test
  void ofTwoViewsTheOneThatAsksForMoreIsActedOn() {
    chain.takeAt = 9_900;
    var redeem = verdict();
    chain.takeAt = 0;
    var wait = verdict();
    var unhurried = verdict(SILENCE, Duration.ZERO);
    assertThat(Verdict.moreUrgent(wait, redeem)).isEqualTo(redeem);
    assertThat(Verdict.moreUrgent(redeem, wait)).isEqualTo(redeem);
    assertThat(Verdict.moreUrgent(unhurried, redeem)).isEqualTo(redeem);
    assertThat(Verdict.moreUrgent(redeem, unhurried)).isEqualTo(redeem);
  }

  /// Whatever the chain says: what would be redeemed can be, is worth it, and has a reason; and
  /// nothing that has a reason, can be and is worth it, is left.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void redeemsExactlyWhatItMust(long seed) {
    var random = new Random(seed);
    int redemptions = 0;
    for (int i = 0; i < 2_000; i++) {
      chain.credited = random.nextLong(0, 600);
      chain.free = random.nextBoolean() ? random.nextLong(0, 40) : 1_000;
      chain.activeFrom = List.of(0L, 1L, 9_999L, 10_000L, 10_001L).get(random.nextInt(5));
      chain.capLeft = random.nextLong(0, 40);
      chain.takeAt = random.nextBoolean() ? 0 : random.nextLong(8_000, 10_001);
      chain.key =
          new PromiseKey(
              List.of(0L, 1L, 10_001L).get(random.nextInt(3)),
              random.nextBoolean() ? 0 : random.nextLong(9_500, 11_000));
      var unheard = Duration.ofSeconds(random.nextLong(0, 1_200));
      var owed = Duration.ofHours(random.nextLong(0, 48));

      boolean honoured =
          chain.key.from() != 0
              && chain.key.from() <= chain.time
              && (chain.key.until() == 0 || chain.time < chain.key.until());
      long limit = chain.activeFrom > chain.time ? chain.capLeft : Long.MAX_VALUE;
      long gain = Math.min(Math.min(Math.max(0, 500 - chain.credited), chain.free), limit);
      boolean possible = honoured && chain.activeFrom != 0 && gain >= 10;
      boolean reason =
          (chain.takeAt != 0 && chain.time < chain.takeAt + DELAY + WINDOW)
              || chain.key.until() != 0
              || unheard.compareTo(SILENCE) >= 0
              || owed.compareTo(WITHIN) >= 0;

      var verdict = verdict(unheard, owed);
      assertThat(verdict instanceof Redeem).isEqualTo(possible && reason);
      if (verdict instanceof Redeem redeem) {
        redemptions++;
        assertThat(redeem.gain()).isEqualTo(Amount.of(gain));
        assertThat(redeem.shareOver(chain.time)).isBetween(0.0, 1.0);
      }
    }
    assertThat(redemptions).isBetween(100, 1_900);
  }
}
