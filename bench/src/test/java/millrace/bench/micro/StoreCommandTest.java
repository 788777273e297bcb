package millrace.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreCommandTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 400", "1, 64, 46", "4, 64, 11", "4, 256, 10"})
  void anIterationIsLongEnoughToTimeAndShortEnoughToSignFor(int writers, int rows, int commits) {
    assertThat(StoreCommand.commits(writers, rows)).isEqualTo(commits);
  }
}
