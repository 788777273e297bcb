package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.Bloom;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.withdrawal.ClaimStore.Earlier;
import org.junit.jupiter.api.Test;

class ClaimPlanTest {
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "01".repeat(32));
  private static final Instant SEEN = Instant.ofEpochSecond(10_000);
  private static final long DELAY_SECONDS = 900;
  private static final Amount TARGET = Amount.of(30);
  private static final long HEAD = 7;
  private static final WatchedWithdrawal WITHDRAWAL =
      new WatchedWithdrawal(CHANNEL, 10_000 + DELAY_SECONDS, 5, SEEN, 0);

  private final ClaimPlan plan = new ClaimPlan(Duration.ZERO, Duration.ofSeconds(1));

  @Test
  void claimsAtOnceWithoutAHeadStart() {
    assertThat(wait(plan, List.of(), SEEN, SEEN)).isEmpty();
  }

  @Test
  void leavesAClaimThatIsUnderWayToTheSender() {
    assertThat(wait(plan, List.of(underWay(30)), SEEN, SEEN))
        .contains(new Look(SEEN.plusSeconds(5), HEAD + 5));
  }

  @Test
  void claimsAgainWhenWhatIsUnderWayIsNotEnoughAnyMore() {
    assertThat(wait(plan, List.of(underWay(29)), SEEN, SEEN)).isEmpty();
  }

  @Test
  void claimsThatDidNotHelpComeAgainEverMoreSlowlyButNeverEnd() {
    assertThat(wait(plan, futile(1), SEEN, SEEN)).contains(Look.at(SEEN.plusSeconds(1)));
    assertThat(wait(plan, futile(3), SEEN, SEEN)).contains(Look.at(SEEN.plusSeconds(4)));
    assertThat(wait(plan, futile(50), SEEN, SEEN)).contains(Look.at(SEEN.plusSeconds(64)));
    assertThat(wait(plan, futile(50), SEEN, SEEN.plusSeconds(64))).isEmpty();
  }

  @Test
  void settlementHasItsHeadStart() {
    var patient = new ClaimPlan(Duration.ofSeconds(60), Duration.ofSeconds(1));
    assertThat(wait(patient, List.of(), SEEN, SEEN.plusSeconds(59))).isPresent();
    assertThat(wait(patient, List.of(), SEEN, SEEN.plusSeconds(60))).isEmpty();
  }

  @Test
  void theHeadStartEndsAtHalfOfTheDelayAndDoesNotHelpAWithdrawalThatWasArmedLongAgo() {
    var tooPatient = new ClaimPlan(Duration.ofDays(1), Duration.ofSeconds(1));
    var half = SEEN.plusSeconds(DELAY_SECONDS / 2);
    assertThat(wait(tooPatient, List.of(), half.minusSeconds(1), SEEN)).isPresent();
    assertThat(wait(tooPatient, List.of(), half, SEEN)).isEmpty();
  }

  private static Optional<Look> wait(
      ClaimPlan plan, List<Earlier> earlier, Instant chainTime, Instant now) {
    return plan.waitUntil(WITHDRAWAL, DELAY_SECONDS, TARGET, earlier, head(chainTime), now);
  }

  private static BlockHeader head(Instant time) {
    return new BlockHeader(
        HEAD, Bytes32.ZERO, Bytes32.ZERO, time, BigInteger.ONE, 30_000_000, new Bloom(Bytes.EMPTY));
  }

  private static Earlier underWay(long totalClaimed) {
    return new Earlier(CHANNEL, Amount.of(totalClaimed), Optional.empty());
  }

  private static List<Earlier> futile(int count) {
    return java.util.Collections.nCopies(
        count, new Earlier(CHANNEL, Amount.of(30), Optional.of(SEEN)));
  }
}
