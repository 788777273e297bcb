package millrace.chain.rpc;

import millrace.protocol.type.Bytes32;

/// One block of one fork.
public record BlockId(long number, Bytes32 hash) {}
