package millrace.chain.follower;

import java.util.ArrayList;
import java.util.List;
import millrace.chain.rpc.ContractLog;
import org.jspecify.annotations.Nullable;

/// What a follower told.
final class Journal implements BlockListener {
  final List<Long> heads = new ArrayList<>();
  final List<Long> finals = new ArrayList<>();
  final List<Long> reorgs = new ArrayList<>();
  final List<ContractLog> logs = new ArrayList<>();
  final List<ContractLog> finalLogs = new ArrayList<>();
  @Nullable RuntimeException failure;

  void clear() {
    heads.clear();
    finals.clear();
    reorgs.clear();
    logs.clear();
    finalLogs.clear();
  }

  @Override
  public void onHead(FollowedBlock block, List<ContractLog> found) {
    if (failure != null) throw failure;
    heads.add(block.number());
    logs.addAll(found);
  }

  @Override
  public void onReorg(long firstRemovedBlock) {
    reorgs.add(firstRemovedBlock);
  }

  @Override
  public void onFinal(FollowedBlock block, List<ContractLog> found) {
    finals.add(block.number());
    finalLogs.addAll(found);
  }
}
