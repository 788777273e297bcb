package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import millrace.chain.contract.ChannelReader.Escrow;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.watchtower.withdrawal.Verdict.Exposed;
import millrace.watchtower.withdrawal.Verdict.Gone;
import millrace.watchtower.withdrawal.Verdict.Safe;
import millrace.watchtower.withdrawal.Verdict.Settling;
import millrace.watchtower.withdrawal.Verdict.Untouchable;
import org.junit.jupiter.api.Test;

class ExposureTest {
  private static final long SEEN = 50;

  @Test
  void whatIsOwedAndNotClaimedIsExposed() {
    assertThat(judge(leaving(60, 100, 0, 100), 30))
        .isEqualTo(new Exposed(Amount.of(30), Amount.of(30)));
  }

  @Test
  void oneUnitTooMuchWithdrawnIsExposedAndExactlyTheRestIsNot() {
    assertThat(judge(leaving(60, 100, 0, 71), 30))
        .isEqualTo(new Exposed(Amount.of(30), Amount.of(1)));
    assertThat(judge(leaving(60, 100, 0, 70), 30)).isEqualTo(new Untouchable());
  }

  @Test
  void aWithdrawalBeforeAnythingWasChargedTouchesNothing() {
    assertThat(judge(leaving(60, 100, 0, 100), 0)).isEqualTo(new Safe());
  }

  @Test
  void noMoreIsClaimedThanTheContractHolds() {
    assertThat(judge(leaving(60, 20, 5, 20), 30))
        .isEqualTo(new Exposed(Amount.of(20), Amount.of(15)));
    assertThat(judge(leaving(60, 20, 20, 20), 30)).isEqualTo(new Safe());
  }

  @Test
  void aClaimCountsOnlyInAFinalBlock() {
    var before = leaving(58, 100, 0, 100);
    var after = leaving(60, 100, 30, 70);
    assertThat(exposure(after, before, Amount.of(30), SEEN).verdict()).isEqualTo(new Settling());
    assertThat(exposure(after, after, Amount.of(30), SEEN).verdict()).isEqualTo(new Safe());
    assertThat(exposure(after, after, Amount.of(31), SEEN).verdict())
        .isEqualTo(new Exposed(Amount.of(31), Amount.of(1)));
  }

  @Test
  void aWithdrawalIsGoneOnlyWhenAFinalBlockSaysSoAfterItWasSeen() {
    var none = state(60, 100, 0, Optional.empty());
    assertThat(exposure(none, none, Amount.of(30), SEEN).verdict()).isEqualTo(new Gone());
    assertThat(exposure(none, leaving(58, 100, 0, 100), Amount.of(30), SEEN).verdict())
        .isEqualTo(new Settling());
    var olderThanIt = state(SEEN - 1, 100, 0, Optional.empty());
    assertThat(exposure(none, olderThanIt, Amount.of(30), SEEN).verdict())
        .isEqualTo(new Settling());
  }

  @Test
  void goodNewsOnlySettleUntilTheFinalBlockWasRead() {
    var claimed = leaving(60, 100, 30, 70);
    assertThat(new Exposure(claimed, Optional.empty(), Amount.of(30), SEEN).verdict())
        .isEqualTo(new Settling());
    var none = state(60, 100, 0, Optional.empty());
    assertThat(new Exposure(none, Optional.empty(), Amount.of(30), SEEN).verdict())
        .isEqualTo(new Settling());
    assertThat(new Exposure(claimed, Optional.empty(), Amount.of(31), SEEN).verdict())
        .isEqualTo(new Exposed(Amount.of(31), Amount.of(1)));
  }

  @Test
  void aNodeThatLagsBehindIsNotBelieved() {
    var old = state(SEEN - 1, 100, 0, Optional.empty());
    assertThat(exposure(old, old, Amount.of(30), SEEN).verdict()).isEqualTo(new Settling());
    var armedBefore = leaving(SEEN - 1, 100, 30, 70);
    assertThat(exposure(armedBefore, armedBefore, Amount.of(30), SEEN).verdict())
        .as("of an earlier withdrawal")
        .isEqualTo(new Settling());
  }

  private static Verdict judge(Escrow everywhere, long charged) {
    return exposure(everywhere, everywhere, Amount.of(charged), SEEN).verdict();
  }

  private static Exposure exposure(Escrow atHead, Escrow atFinal, Amount charged, long seen) {
    return new Exposure(atHead, Optional.of(atFinal), charged, seen);
  }

  private static Escrow leaving(long block, long balance, long claimed, long pending) {
    var withdrawal = new PendingWithdrawal(Amount.of(pending), 1_000, block);
    return state(block, balance, claimed, Optional.of(withdrawal));
  }

  private static Escrow state(
      long block, long balance, long claimed, Optional<PendingWithdrawal> withdrawal) {
    return new Escrow(block, Amount.of(balance), Amount.of(claimed), withdrawal);
  }
}
