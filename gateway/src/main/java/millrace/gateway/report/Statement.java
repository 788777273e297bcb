package millrace.gateway.report;

import java.math.BigInteger;
import java.time.YearMonth;
import java.util.List;

/// What moved a merchant's balance in a month, and where it stood before and after: the parts add
/// up to the end by construction.
///
/// @param opening before the month's first instant
record Statement(YearMonth month, BigInteger opening, List<Line> lines) {
  Statement {
    lines = List.copyOf(lines);
  }

  /// @param amount before fees; below zero where the balance fell
  record Line(String type, long count, BigInteger amount, BigInteger fee) {
    BigInteger net() {
      return amount.subtract(fee);
    }
  }

  BigInteger closing() {
    return lines.stream().map(Line::net).reduce(opening, BigInteger::add);
  }
}
