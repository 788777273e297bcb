package millrace.chain.follower;

import millrace.protocol.type.Bytes32;

/// How far the chain was followed.
record Cursor(long head, Bytes32 hash, long finalBlock) {}
