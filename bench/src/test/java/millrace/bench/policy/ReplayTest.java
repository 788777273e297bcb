package millrace.bench.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import millrace.settlement.claim.ClaimPolicy.Due;
import millrace.settlement.claim.ClaimReason;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayTest {
  private static final Day DAY = Day.of(7, 5_000, 100, 20);
  private static final GasPrices PRICES = new GasPrices(7);
  private static final Due VALUE = new Due(ClaimReason.VALUE, false);
  private static final Due LEAVING = new Due(ClaimReason.WITHDRAWAL, true);

  @ParameterizedTest
  @CsvSource({"1, 60.3, 50.0", "10, 27.2, 15.0", "100, 24.06, 11.5"})
  void theModelOfGasComesNearWhatWasMeasured(int rows, double standard, double compact) {
    assertThat(GasModel.STANDARD.claim(rows) / rows / 1e3)
        .isCloseTo(standard, Percentage.withPercentage(1));
    assertThat(GasModel.COMPACT.claim(rows) / rows / 1e3)
        .isCloseTo(compact, Percentage.withPercentage(1));
  }

  @Test
  void theSameSeedIsTheSameDay() {
    assertThat(replay(defaults())).isEqualTo(replay(defaults()));
    assertThat(Day.of(8, 5_000, 100, 20)).isNotEqualTo(DAY);
  }

  @Test
  void everyPolicyTakesTheSamePaymentsAndLeavesNothingBehind() {
    var outcomes = Contestant.all().stream().map(ReplayTest::replay).toList();
    assertThat(outcomes).extracting(Outcome::payments).containsOnly(outcomes.getFirst().payments());
    assertThat(outcomes).allSatisfy(it -> assertThat(it.atRisk()).hasSize(1_440));
    assertThat(outcomes).allSatisfy(it -> assertThat(it.delays()).isSorted().isNotEmpty());
  }

  @Test
  void whoRisksMorePaysLess() {
    var outcomes = Contestant.all().stream().map(ReplayTest::replay).toList();
    assertThat(outcomes.get(0).meanAtRisk()).isLessThan(outcomes.get(1).meanAtRisk());
    assertThat(outcomes.get(1).meanAtRisk()).isLessThan(outcomes.get(2).meanAtRisk());
    assertThat(outcomes.get(0).fee()).isGreaterThan(outcomes.get(1).fee());
    assertThat(outcomes.get(1).fee()).isGreaterThan(outcomes.get(2).fee());
  }

  @Test
  void nothingCountsAsClaimedBeforeItsBlockIsFinal() {
    var channels = new Channels(2, 1);
    channels.charge(0, 70, 5);
    channels.charge(1, 30, 6);
    var rows = channels.take(1, VALUE);
    channels.charge(0, 5, 7);
    assertThat(channels.take(10, VALUE)).extracting(Channels.Row::channel).containsExactly(1);
    assertThat(channels.atRisk()).isEqualTo(105);
    assertThat(channels.claimed(rows, 9)).isEqualTo(70);
    assertThat(channels.atRisk()).isEqualTo(35);
  }

  @Test
  void whoLeavesGoesFirst() {
    var channels = new Channels(3, 1);
    for (int i = 0; i < 3; i++) channels.charge(i, 100 - i, 1);
    channels.leave(2);
    assertThat(channels.take(1, VALUE)).extracting(Channels.Row::channel).containsExactly(2);
    assertThat(channels.take(10, LEAVING)).isEmpty();
  }

  @Test
  void forAgeThoseGoFirstThatOweLongest() {
    var channels = new Channels(3, 1);
    for (int i = 0; i < 3; i++) channels.charge(i, 100 + i, 3 - i);
    assertThat(channels.take(1, new Due(ClaimReason.AGE, false)))
        .extracting(Channels.Row::channel)
        .containsExactly(2);
    channels.charge(0, 1_000, 9);
    assertThat(channels.take(1, new Due(ClaimReason.AGE, false)))
        .extracting(Channels.Row::channel)
        .containsExactly(1);
  }

  @Test
  void gasHasADayBeforeAndStaysWithinReason() {
    long[] wei = new Random(1).ints(1_000, -86_400, 172_800).mapToLong(PRICES::wei).toArray();
    assertThat(Arrays.stream(wei).min().orElseThrow()).isGreaterThan(200_000_000L);
    assertThat(Arrays.stream(wei).max().orElseThrow()).isBetween(2_000_000_000L, 40_000_000_000L);
  }

  @Test
  void quantilesAreOfWhatWasSeen() {
    var outcome =
        new Outcome(
            defaults(),
            10,
            1,
            1,
            4,
            100,
            1e10,
            List.of(1_000_000L, 3_000_000L),
            List.of(1, 2, 3, 9),
            Map.of());
    assertThat(outcome.meanAtRisk()).isEqualTo(2, within(1e-9));
    assertThat(outcome.atRisk(1)).isEqualTo(3, within(1e-9));
    assertThat(outcome.delay(0.5)).isEqualTo(2);
    assertThat(outcome.delay(1)).isEqualTo(9);
    assertThat(outcome.gasPerPayment()).isEqualTo(10, within(1e-9));
    assertThat(outcome.gweiPerPayment()).isEqualTo(1, within(1e-9));
  }

  @Test
  void theChartIsWellFormed() throws Exception {
    var svg = PolicyChart.of(Contestant.all().stream().map(ReplayTest::replay).toList(), PRICES);
    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(parsed.getDocumentElement().getNodeName()).isEqualTo("svg");
    assertThat(svg).contains("eager", "default", "thrifty").doesNotContain("NaN");
  }

  private static Contestant defaults() {
    return Contestant.of("default", "", Map.of());
  }

  private static Outcome replay(Contestant contestant) {
    return Replay.of(contestant, DAY, PRICES, GasModel.COMPACT, 7);
  }
}
