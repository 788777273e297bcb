package millrace.chain.sender;

import millrace.chain.rpc.Receipt;
import millrace.protocol.type.Bytes32;

/// A transaction that is in a final block, for better or worse.
public record FinalTransaction(Purpose purpose, Receipt receipt) {
  public Bytes32 hash() {
    return receipt.transaction();
  }

  public boolean success() {
    return receipt.success();
  }

  public long gasUsed() {
    return receipt.gasUsed();
  }

  public long block() {
    return receipt.block();
  }
}
