package millrace.chain.follower;

import java.util.List;
import millrace.chain.rpc.ContractLog;

/// A block that has its confirmations, and what was kept of it.
record FinalBlock(FollowedBlock block, List<ContractLog> logs) {}
