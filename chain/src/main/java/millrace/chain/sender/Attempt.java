package millrace.chain.sender;

import java.math.BigInteger;
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
    Optional<Urgency> urgency,
    Instant createdAt,
    Optional<Signed> signed,
    Optional<Instant> sentAt) {
  /// What it costs if it takes all its gas at the highest price, in wei.
  BigInteger highestCost() {
    return fees.maxFeeWei().multiply(BigInteger.valueOf(gasLimit));
  }

  /// The bytes that go out, and the name they will have on chain.
  record Signed(Bytes32 hash, Bytes raw) {}
}
