package millrace.chain.sender;

import java.time.Instant;
import java.util.Optional;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Fees;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;

/// One version of a transaction.
record Attempt(
    long transactionId,
    int number,
    long nonce,
    Address to,
    Bytes data,
    long gasLimit,
    Fees fees,
    Instant createdAt,
    Optional<Signed> signed,
    Optional<Instant> sentAt) {
  /// The bytes that go out, and the name they will have on chain.
  record Signed(Bytes32 hash, Bytes raw) {}
}
