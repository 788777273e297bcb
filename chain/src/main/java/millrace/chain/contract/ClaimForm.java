package millrace.chain.contract;

import java.util.List;

/// How the rows of a claim are laid out.
public enum ClaimForm {
  /// As in the published interface, which every channel contract has. The vault tries all rows at
  /// once and, if that fails, each alone.
  STANDARD(200_000, 100_000, 150),

  /// Packed, which only our own channel contract takes, for about half the gas. The contract passes
  /// bad rows over.
  COMPACT(150_000, 15_000, 1_000);

  private final long gasOfBatch;
  private final long gasOfRow;
  private final int mostRows;

  ClaimForm(long gasOfBatch, long gasOfRow, int mostRows) {
    this.gasOfBatch = gasOfBatch;
    this.gasOfRow = gasOfRow;
    this.mostRows = mostRows;
  }

  /// Rows that have not all the same receiver's terms cannot be packed together and take the
  /// standard form, whichever is preferred. That happens when the hub's terms were changed.
  public static ClaimForm of(ClaimForm preferred, List<ClaimRow> rows) {
    return preferred == COMPACT && ClaimCall.shareTerms(rows) ? COMPACT : STANDARD;
  }

  /// What a transaction of so many rows is given. It is fixed and generous, not estimated: the
  /// vault catches what goes wrong inside, running out of gas included, and a row that is passed
  /// over when the estimate is made may be recorded when the claim is mined.
  public long gas(int rows) {
    return gasOfBatch + gasOfRow * rows;
  }

  /// How many rows fit into one transaction, which since EIP-7825 has 16,777,216 gas at most.
  public int mostRows() {
    return mostRows;
  }
}
