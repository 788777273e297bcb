package millrace.bench.policy;

import java.util.Locale;

/// What transactions of the hub cost in gas: a fixed part and one for each row.
enum GasModel {
  /// Packed rows on our own channel contract: 50.0k, 15.0k and 11.5k a channel for 1, 10 and 100.
  COMPACT(38_900, 11_100),

  /// The standard interface: 60.3k, 27.2k and 24.06k a channel for 1, 10 and 100.
  STANDARD(36_600, 23_700);

  private static final double PAYOUT_FIXED = 60_000;
  private static final double PAYOUT_ROW = 14_400;

  private final double claimFixed;
  private final double claimRow;

  GasModel(double claimFixed, double claimRow) {
    this.claimFixed = claimFixed;
    this.claimRow = claimRow;
  }

  double claim(int rows) {
    return claimFixed + claimRow * rows;
  }

  double payout(int merchants) {
    return PAYOUT_FIXED + PAYOUT_ROW * merchants;
  }

  String says() {
    return ("a claim %,.0f + %,.0f a channel (%s rows; each %s for 1, 10, 100),"
            + " a payout %,.0f + %,.0f a merchant")
        .formatted(
            claimFixed,
            claimRow,
            name().toLowerCase(Locale.ROOT),
            perRow(),
            PAYOUT_FIXED,
            PAYOUT_ROW);
  }

  private String perRow() {
    return "%,.0f, %,.0f, %,.0f".formatted(claim(1), claim(10) / 10, claim(100) / 100);
  }
}
