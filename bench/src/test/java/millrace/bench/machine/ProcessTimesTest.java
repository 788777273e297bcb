package millrace.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTimesTest {
  private static final String REST =
      " S 4711 10 10 0 -1 4194304 100 200 0 0 120 30 7 5 20 0 12 0 100 1000 100 18446744073709551615";

  @Test
  void addsUserAndSystemTime() {
    assertThat(ProcessTimes.parse("42 (postgres)" + REST))
        .isEqualTo(new ProcessTimes(4711, 150, 12));
  }

  @Test
  void aNameMayLookLikeTheRestOfTheLine() {
    assertThat(ProcessTimes.parse("42 (a) S 1 2 (b c)" + REST))
        .isEqualTo(new ProcessTimes(4711, 150, 12));
  }

  @Test
  void thisProcessHasUsedSomeTimeAndMemory() {
    assertThat(Processor.millis(ProcessHandle.current().pid())).isPositive();
    assertThat(Processor.residentMebibytes(ProcessHandle.current().pid())).isPositive();
  }
}
