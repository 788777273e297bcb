package millrace.bench.gas;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// What a run measured.
record Figures(Map<Figure, Long> measured) {
  void print(PrintStream out) {
    out.printf(
        "%n%-34s %9s %9s   %s%n", "gas per channel, merchant or call", "gas", "goal", "others");
    measured.forEach((figure, gas) -> out.println(figure.line(gas)));
    out.println(
        """

        Claims and payouts go through the vault. Of the others: x402 is claimWithSignature and settle
        of its canonical contract, measured on the same kind of chain with a plain token; raiden and
        Orchid are their published contracts. * marks prototypes that were measured without a vault,
        P5 also without promises, roles or caps; they show what is possible, not what anybody runs.
        """);
  }

  Map<String, Object> lastLine() {
    var line = new LinkedHashMap<String, Object>();
    line.put("claim_per_channel", byRows(Figure.CLAIM_1, Figure.CLAIM_10, Figure.CLAIM_100));
    line.put(
        "standard_claim_per_channel",
        byRows(Figure.STANDARD_1, Figure.STANDARD_10, Figure.STANDARD_100));
    line.put("deposit", gas(Figure.DEPOSIT));
    line.put("payout_credit", gas(Figure.CREDIT));
    line.put("payout_transfer", gas(Figure.TRANSFER));
    line.put("exit_start", gas(Figure.EXIT_START));
    line.put("exit_finish", gas(Figure.EXIT_FINISH));
    return line;
  }

  private Map<String, Long> byRows(Figure one, Figure ten, Figure hundred) {
    var line = new LinkedHashMap<String, Long>();
    line.put("1", gas(one));
    line.put("10", gas(ten));
    line.put("100", gas(hundred));
    return line;
  }

  private long gas(Figure figure) {
    return Objects.requireNonNull(measured.get(figure), figure::name);
  }
}
