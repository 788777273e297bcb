package millrace.chain.sender;

import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Address;

/// A call to be made from the sender's account.
public record TransactionRequest(Purpose purpose, Address to, Bytes data, Gas gas) {}
