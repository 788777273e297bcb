package millrace.chain.sender;

import java.util.Optional;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Address;

/// A call to be made from the sender's account.
///
/// @param urgency empty: it may offer what all others offer, and wait as they do
public record TransactionRequest(
    Purpose purpose, Address to, Bytes data, Gas gas, Optional<Urgency> urgency) {
  public TransactionRequest(Purpose purpose, Address to, Bytes data, Gas gas) {
    this(purpose, to, data, gas, Optional.empty());
  }
}
