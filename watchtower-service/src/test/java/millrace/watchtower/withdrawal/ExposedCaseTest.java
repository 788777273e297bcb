package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExposedCaseTest {
  private static final long NOW = 100_000;

  @Test
  void ofThoseThatCameTogetherTheDearestGoesFirst() {
    var little = ExposedCases.of(1, 5, NOW, 900);
    var much = ExposedCases.of(2, 5_000, NOW + 12, 900);
    assertThat(sorted(NOW + 20, little, much)).containsExactly(much, little);
  }

  @Test
  void whoHasLittleTimeLeftGoesBeforeTheDearest() {
    var late = ExposedCases.of(1, 5, NOW, 900);
    var much = ExposedCases.of(2, 5_000, NOW + 700, 900);
    assertThat(sorted(NOW + 710, late, much)).containsExactly(late, much);
  }

  @Test
  void ofEqualsTheEarlierDeadlineGoesFirst() {
    var first = ExposedCases.of(2, 5, NOW, 900);
    var second = ExposedCases.of(1, 5, NOW + 12, 900);
    assertThat(sorted(NOW + 12, second, first)).containsExactly(first, second);
  }

  @Test
  void whatIsOverdueIsNotForgottenAndGoesFirst() {
    var overdue = ExposedCases.of(1, 5, NOW, 900);
    var much = ExposedCases.of(2, 5_000, NOW + 1_500, 900);
    assertThat(sorted(NOW + 2_000, much, overdue)).containsExactly(overdue, much);
  }

  /// Goal: nobody with less of its time left than a tenth stands behind anybody, and within a tenth
  /// of the window value decides; in whatever order they came.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("millrace.testkit.Seeds#stream")
  void withinATenthOfTheWindowValueDecides(long seed) {
    var random = new Random(seed);
    var cases = new ArrayList<ExposedCase>();
    for (int i = 0; i < 200; i++) {
      cases.add(ExposedCases.of(i, random.nextInt(1, 1_000), NOW + random.nextInt(900), 900));
    }
    long chainTime = NOW + random.nextInt(900);
    var order = ExposedCase.mostUrgentFirst(chainTime);
    var sorted = cases.stream().sorted(order).toList();
    Collections.shuffle(cases, random);
    assertThat(cases.stream().sorted(order).toList()).isEqualTo(sorted);
    for (int i = 1; i < sorted.size(); i++) {
      var before = sorted.get(i - 1);
      var after = sorted.get(i);
      long earlier = after.deadlineSeconds() - before.deadlineSeconds();
      boolean dearer = !after.atRisk().exceeds(before.atRisk());
      assertThat(dearer || earlier > 0 || -earlier <= 90).isTrue();
      assertThat(-earlier).as("behind somebody with more time").isLessThanOrEqualTo(90);
    }
  }

  private static List<ExposedCase> sorted(long chainTime, ExposedCase... cases) {
    return List.of(cases).stream().sorted(ExposedCase.mostUrgentFirst(chainTime)).toList();
  }
}
