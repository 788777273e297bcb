package millrace.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import millrace.bench.micro.HopClient.Report;
import millrace.bench.micro.HopFigures.Round;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HopFiguresTest {
  private static final Offset<Double> EXACTLY = within(1e-9);

  @Test
  void aDisturbedRoundMovesNeitherRateNorLatency() {
    var figures = HopFigures.of(List.of(round(1_000, 2), round(10, 900), round(1_200, 1)));
    assertThat(figures.perSecond()).isEqualTo(500, EXACTLY);
    assertThat(figures.p50Millis()).isEqualTo(2, EXACTLY);
    assertThat(figures.lowest()).isEqualTo(5, EXACTLY);
    assertThat(figures.highest()).isEqualTo(600, EXACTLY);
  }

  @Test
  void betweenTwoRoundsTheMedianIsTheirMiddle() {
    assertThat(HopFigures.of(List.of(round(200, 1), round(400, 3))).perSecond())
        .isEqualTo(150, EXACTLY);
  }

  @Test
  void processorTimeIsSharedByAllPayments() {
    var figures = HopFigures.of(List.of(round(100, 1), round(300, 1)));
    assertThat(figures.clientMillis()).isEqualTo(80.0 / 400, EXACTLY);
    assertThat(figures.serverMillis()).isEqualTo(40.0 / 400, EXACTLY);
    assertThat(figures.millis()).isEqualTo(120.0 / 400, EXACTLY);
  }

  /// Two seconds, with 40 ms of the client's processor time and 20 ms of the server's.
  private static Round round(long payments, double p50Millis) {
    var report = new Report(payments, 2, p50Millis, 2 * p50Millis);
    return new Round(HopTransport.HTTP_BATCHES, 16, report, 40, 20);
  }
}
