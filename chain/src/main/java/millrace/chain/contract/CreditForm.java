package millrace.chain.contract;

/// What a `credit` of the vault does beside crediting.
public enum CreditForm {
  /// Nothing: the tokens stay in the vault, as the payees' own.
  BOOK(200_000, 60_000, 200),

  /// Each payee is sent all it has. The vault gives each payment 120,000 gas and catches its
  /// failure; without that much left, all others would fail while the transaction succeeds. The
  /// rest is what a payee costs that was never paid before.
  PUSH(250_000, 160_000, 100);

  private final long gasOfBatch;
  private final long gasOfPayee;
  private final int mostPayees;

  CreditForm(long gasOfBatch, long gasOfPayee, int mostPayees) {
    this.gasOfBatch = gasOfBatch;
    this.gasOfPayee = gasOfPayee;
    this.mostPayees = mostPayees;
  }

  /// What a transaction for so many payees is given.
  public long gas(int payees) {
    return gasOfBatch + gasOfPayee * payees;
  }

  /// How many payees fit into one transaction, which since EIP-7825 has 16,777,216 gas at most.
  public int mostPayees() {
    return mostPayees;
  }

  public boolean pushes() {
    return this == PUSH;
  }
}
