package millrace.chain.rpc;

import java.math.BigInteger;

/// What a transaction offers per unit of gas (EIP-1559).
public record Fees(BigInteger maxFeeWei, BigInteger priorityFeeWei) {
  private static final BigInteger EIGHT = BigInteger.valueOf(8);
  private static final BigInteger NINE = BigInteger.valueOf(9);

  public Fees {
    if (priorityFeeWei.signum() < 0 || priorityFeeWei.compareTo(maxFeeWei) > 0) {
      throw new IllegalArgumentException("the priority fee is part of the whole fee");
    }
  }

  /// The least that nodes take as a replacement of a transaction with these fees: one eighth
  /// more of both.
  public Fees raised() {
    return new Fees(raise(maxFeeWei), raise(priorityFeeWei));
  }

  public Fees max(Fees other) {
    return new Fees(maxFeeWei.max(other.maxFeeWei), priorityFeeWei.max(other.priorityFeeWei));
  }

  /// No more than that per unit of gas, the priority fee included.
  public Fees limitedTo(BigInteger most) {
    return new Fees(maxFeeWei.min(most), priorityFeeWei.min(most));
  }

  private static BigInteger raise(BigInteger fee) {
    return fee.multiply(NINE).divide(EIGHT).add(BigInteger.ONE);
  }
}
