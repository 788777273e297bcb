package millrace.chain.sender;

/// What a person should look at, though the sender goes on by itself.
public enum Trouble {
  /// The account holds less than the reserve that is asked for.
  LOW_RESERVE,
  /// Something waits because the account cannot pay for its gas.
  OUT_OF_FUNDS,
  /// A transaction is not mined although it offers as much as it may.
  AT_FEE_CAP,
  /// Somebody else sent a transaction from the account within the last hour: its key is in other
  /// hands, too.
  FOREIGN_TRANSACTION
}
