package millrace.bench.gas;

import java.util.Locale;

/// A line of the table: gas per channel, merchant or call.
enum Figure {
  CLAIM_1("claim, packed short rows, 1", "50,000", "x402 60.3k, P7 41.9k*"),
  CLAIM_10("claim, packed short rows, 10", "15,000", "x402 27.2k, P7 13.8k*"),
  CLAIM_100("claim, packed short rows, 100", "11,500", "x402 24.06k, P7 11.0k*, P1 10.3k*"),
  CLAIM_LONG_100("claim, packed long rows, 100", "13,000", "Orchid 38.9k, raiden OneToN 55.4k"),
  STANDARD_1("claim, published form, 1", "60,300", "x402 60.3k"),
  STANDARD_10("claim, published form, 10", "27,200", "x402 27.2k"),
  STANDARD_100("claim, published form, 100", "24,060", "x402 24.06k"),
  DEPOSIT("deposit by signed authorisation", "120,000", "x402 120.3k to 137k"),
  SETTLE("settle", "", "x402 46.3k"),
  CREDIT("payout of 100, credit", "6,500", "P5 6.1k*"),
  TRANSFER("payout of 100, transfer", "15,000", "P5 9.7k*, which keeps no promises"),
  EXIT_START("exit, start", "52,000", "x402 52.6k, raiden 137.7k"),
  EXIT_FINISH("exit, finish", "48,000", "x402 47.4k to 49.6k, raiden 91.0k"),
  EXIT_START_UNUSED("exit of an unused channel, start", "", ""),
  EXIT_FINISH_UNUSED("exit of an unused channel, finish", "", "");

  private final String label;
  private final String goal;
  private final String others;

  Figure(String label, String goal, String others) {
    this.label = label;
    this.goal = goal;
    this.others = others;
  }

  String line(long gas) {
    return String.format(Locale.ROOT, "%-34s %,9d %9s   %s", label, gas, goal, others)
        .stripTrailing();
  }
}
