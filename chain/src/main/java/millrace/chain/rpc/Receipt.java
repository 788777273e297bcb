package millrace.chain.rpc;

import java.math.BigInteger;
import java.util.List;
import millrace.protocol.type.Bytes32;

/// What became of a transaction, in the block that has it on the chain the node follows now.
public record Receipt(
    Bytes32 transaction,
    Bytes32 blockHash,
    long block,
    boolean success,
    long gasUsed,
    BigInteger gasPriceWei,
    List<ContractLog> logs) {
  public Receipt {
    logs = List.copyOf(logs);
  }
}
