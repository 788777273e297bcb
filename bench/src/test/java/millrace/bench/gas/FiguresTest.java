package millrace.bench.gas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import millrace.bench.Results;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void theLastLineHasTheAgreedNamesInTheAgreedOrder() {
    var measured = new LinkedHashMap<Figure, Long>();
    for (var figure : Figure.values()) measured.put(figure, 1_000L + measured.size());
    assertThat(Results.line(new Figures(measured).lastLine()))
        .isEqualTo(
            """
            {"claim_per_channel":{"1":1000,"10":1001,"100":1002},\
            "standard_claim_per_channel":{"1":1004,"10":1005,"100":1006},\
            "deposit":1007,"payout_credit":1009,"payout_transfer":1010,\
            "exit_start":1011,"exit_finish":1012}""");
  }
}
