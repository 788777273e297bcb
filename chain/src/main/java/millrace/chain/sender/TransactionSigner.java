package millrace.chain.sender;

import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;

/// Where the key of an account lives: in this process, or behind a signing service. It may be slow
/// and is never called inside a database transaction.
public interface TransactionSigner {
  Address address();

  /// The same digest may be asked for again; any valid signature will do.
  Signature sign(Bytes32 digest);
}
