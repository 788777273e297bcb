package millrace.gateway.reconciliation;

import java.math.BigInteger;

/// Two figures that have to be the same.
///
/// @param name for programs
/// @param what is compared, for people
/// @param difference by how much the left exceeds the right, or what is too much or missing
record Line(
    String name,
    String what,
    String leftSource,
    BigInteger left,
    String rightSource,
    BigInteger right,
    BigInteger difference) {
  static Line same(
      String name,
      String what,
      String leftSource,
      BigInteger left,
      String rightSource,
      BigInteger right) {
    return new Line(name, what, leftSource, left, rightSource, right, left.subtract(right));
  }

  /// The left may be less, and differs only by what it is more.
  static Line atMost(
      String name,
      String what,
      String leftSource,
      BigInteger left,
      String rightSource,
      BigInteger right) {
    var excess = left.subtract(right).max(BigInteger.ZERO);
    return new Line(name, what, leftSource, left, rightSource, right, excess);
  }

  Line closer(Line later) {
    return later.difference.abs().compareTo(difference.abs()) <= 0 ? later : this;
  }

  boolean differs() {
    return difference.signum() != 0;
  }
}
