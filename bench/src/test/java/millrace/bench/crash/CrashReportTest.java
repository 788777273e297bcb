package millrace.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CrashReportTest {
  @Test
  void countsAddUpAndTheLongestGapOfEachStays() {
    var sum =
        CrashReport.NOTHING
            .plus(new CrashReport(1, 100, 0, 0, Map.of("gateway", 2.0)))
            .plus(new CrashReport(1, 50, 1, 2, Map.of("gateway", 1.0)))
            .plus(new CrashReport(1, 50, 0, 0, Map.of("Kafka", 0.5)));

    assertThat(sum).isEqualTo(new CrashReport(3, 200, 1, 2, Map.of("gateway", 2.0, "Kafka", 0.5)));
    assertThat(sum.maxRecoverySeconds()).isEqualTo(2.0);
  }
}
