package millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void areFewAndAlwaysTheSameInANormalRun() {
    assertThat(Seeds.of(null, false)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void areManyInALongRunAndBeginWithTheNormalOnes() {
    assertThat(Seeds.of(null, true)).startsWith(1L, 2L, 3L).hasSizeGreaterThan(1_000);
  }

  @Test
  void areTheOneThatIsAskedForWhateverTheRun() {
    assertThat(Seeds.of("77", true)).containsExactly(77L);
  }
}
