package millrace.gateway.reconciliation;

import java.util.LinkedHashMap;
import java.util.List;
import millrace.protocol.type.Address;

/// What a comparison has found.
///
/// @param block of the chain's figures
record Report(Address asset, long block, Vault vault, List<Line> lines) {
  /// Of each line the one that differs least. On a busy hub some news is always under way, but not
  /// always the same: what differs in every look does so for another reason.
  Report orCloser(Report later) {
    var closest = new LinkedHashMap<String, Line>();
    for (var line : lines) closest.put(line.name(), line);
    for (var line : later.lines) closest.merge(line.name(), line, Line::closer);
    return new Report(asset, later.block, later.vault, List.copyOf(closest.values()));
  }

  List<Line> differences() {
    return lines.stream().filter(Line::differs).toList();
  }

  boolean agrees() {
    return differences().isEmpty();
  }
}
