package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.Bloom;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.watchtower.voucher.GuardedVoucher;
import millrace.watchtower.withdrawal.Examiner.Findings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WitnessesTest {
  private static final Verdict EXPOSED = new Verdict.Exposed(Amount.of(4_000), Amount.of(4_000));

  static Stream<Verdict> betterNews() {
    return Stream.of(
        new Verdict.Gone(), new Verdict.Safe(), new Verdict.Untouchable(), new Verdict.Settling());
  }

  @ParameterizedTest
  @MethodSource("betterNews")
  void badNewsOfAChannelCountsWhoeverOfTwoBringsIt(Verdict better) {
    var bad = findings(10, 7, EXPOSED);
    var good = findings(10, 7, better);
    assertThat(Witnesses.worse(bad, good).cases()).isEqualTo(bad.cases());
    assertThat(Witnesses.worse(good, bad).cases()).isEqualTo(bad.cases());
  }

  @ParameterizedTest
  @MethodSource("betterNews")
  void whatOnlyOneOfThemTellsOfIsNotForgotten(Verdict other) {
    var one = findings(10, 7, other);
    var none = findings(12, 9);
    assertThat(Witnesses.worse(one, none).cases()).isEqualTo(one.cases());
    assertThat(Witnesses.worse(none, one).cases()).isEqualTo(one.cases());
  }

  @ParameterizedTest
  @MethodSource("betterNews")
  void timeRunsAsFarAsOneOfThemSaysAndFinalIsOnlyWhatIsSoForBoth(Verdict any) {
    var ahead = findings(12, 9, any);
    var behind = findings(10, 7, any);
    for (var both : List.of(Witnesses.worse(ahead, behind), Witnesses.worse(behind, ahead))) {
      assertThat(both.head().number()).isEqualTo(12);
      assertThat(both.finalBlock()).isEqualTo(7);
    }
  }

  private static Findings findings(long head, long finalBlock, Verdict... verdicts) {
    var header =
        new BlockHeader(
            head,
            Bytes32.ZERO,
            Bytes32.ZERO,
            Instant.ofEpochSecond(1_000 + head),
            BigInteger.ONE,
            30_000_000,
            new Bloom(Bytes.EMPTY));
    return new Findings(
        header, finalBlock, Arrays.stream(verdicts).map(WitnessesTest::ofAlice).toList());
  }

  private static Case ofAlice(Verdict verdict) {
    var claim = ExposedCases.of(1, 4_000, 1_000, 900);
    var row = claim.row();
    var note = new WatchedWithdrawal(claim.channelId(), 1_900, 5, Instant.EPOCH, 1);
    var voucher =
        new GuardedVoucher(claim.channelId(), row.config(), row.voucher(), Amount.of(4_000), 1);
    return new Case(note, voucher, verdict);
  }
}
