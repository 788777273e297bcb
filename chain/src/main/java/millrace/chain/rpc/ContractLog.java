package millrace.chain.rpc;

import java.util.List;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;

/// An event as a contract emitted it.
///
/// @param logIndex position in the block; with `blockHash` it names the log
public record ContractLog(
    Address contract,
    List<Bytes32> topics,
    Bytes data,
    Bytes32 transaction,
    Bytes32 blockHash,
    long block,
    int logIndex) {
  public ContractLog {
    topics = List.copyOf(topics);
  }
}
