package millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void aClockTicksSoManyTimesASecond() {
    var pace = new Pace(4_000, false);
    assertThat(pace.isClosed()).isFalse();
    assertThat(pace.dueNanos(0)).isZero();
    assertThat(pace.dueNanos(4_000)).isEqualTo(1_000_000_000L);
    assertThat(pace.dueNanos(1)).isEqualTo(250_000);
  }
}
