package millrace.bench.tower;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What was measured, beside the goals. What was left out stays empty.
final class Figures {
  private Optional<GuardRun.Outcome> guard = Optional.empty();
  private List<MassExit.Outcome> exits = List.of();
  private Optional<MillionChannels.Outcome> million = Optional.empty();

  void guard(GuardRun.Outcome outcome) {
    guard = Optional.of(outcome);
  }

  /// Our own form of claims first.
  void exits(List<MassExit.Outcome> outcomes) {
    exits = List.copyOf(outcomes);
  }

  void million(MillionChannels.Outcome outcome) {
    million = Optional.of(outcome);
  }

  boolean allClaimed() {
    return exits.stream().allMatch(exit -> exit.claimed() == exit.withdrawals());
  }

  Map<String, Object> last() {
    var last = new LinkedHashMap<String, Object>();
    guard.ifPresent(g -> last.put("guarded_p99_ms", Math.round(g.p99Millis())));
    if (!exits.isEmpty()) {
      var own = exits.getFirst();
      last.put("answer_ms", Math.round(slowestAnswerMillis()));
      var exit = new LinkedHashMap<String, Object>();
      exit.put("withdrawals", own.withdrawals());
      exit.put("claimed", own.claimed());
      exit.put("window_share", Math.round(own.windowShare() * 1_000) / 1_000.0);
      last.put("mass_exit", exit);
    }
    million.ifPresent(
        m -> {
          last.put("heap_mib_1m", m.heapMebibytes());
          last.put("restart_s_1m", Math.round(m.mined().urgent() * 10) / 10.0);
        });
    return last;
  }

  /// That of the form of claim which is slower, when thousands leave: alone nobody waits as long.
  private double slowestAnswerMillis() {
    return exits.stream().mapToDouble(MassExit.Outcome::answerMillis).max().orElse(0);
  }

  Map<String, Object> details() {
    var details = new LinkedHashMap<String, Object>();
    guard.ifPresent(g -> details.put("guard", g));
    details.put("exits", exits);
    million.ifPresent(m -> details.put("million", m));
    return details;
  }

  String table() {
    var table = new StringBuilder("\n");
    row(table, "figure", "goal", "measured");
    guard.ifPresent(
        g ->
            row(
                table,
                "accepted to guarded, p99, at %,.0f payments/s".formatted(g.perSecond()),
                "1,000 ms",
                "%,.0f ms".formatted(g.p99Millis())));
    for (var exit : exits) exit(table, exit);
    million.ifPresent(m -> million(table, m));
    return table.append('\n').toString();
  }

  private static void exit(StringBuilder table, MassExit.Outcome exit) {
    var claim = exit.form().equals("compact") ? "own claim" : "standard claim";
    row(
        table,
        claim + ": one leaves alone, seen to claim sent",
        "1 block + 1 s",
        "%,.0f ms".formatted(exit.aloneMillis()));
    row(
        table,
        "%s: %,d leave, seen to claim sent, p99".formatted(claim, exit.withdrawals()),
        "1 block + 1 s",
        "%,.0f ms".formatted(exit.answerMillis()));
    row(
        table,
        "%s: claimed of %,d in %d blocks".formatted(claim, exit.withdrawals(), exit.exitBlocks()),
        "all",
        "%,d in %,d tx".formatted(exit.claimed(), exit.claims()));
    row(
        table,
        claim + ": longest wait, share of 900 s",
        "10 %",
        "%.1f %%".formatted(exit.windowShare() * 100));
  }

  private static void million(StringBuilder table, MillionChannels.Outcome million) {
    row(table, "heap, the most in use", "512 MiB", "%,d MiB".formatted(million.heapMebibytes()));
    row(table, "disk of the vouchers", "stated", "%,d MiB".formatted(million.diskMebibytes()));
    restart(table, "mined", million.mined());
    restart(table, "replayed", million.replayed());
  }

  private static void restart(StringBuilder table, String kind, MillionChannels.Restart restart) {
    var what = "restart, %,d %s blocks behind: ".formatted(restart.blocks(), kind);
    row(table, what + "first claim", "60 s", "%.1f s".formatted(restart.first()));
    row(table, what + "urgent claimed", "60 s", "%.1f s".formatted(restart.urgent()));
    row(table, what + "all claimed", "", "%.1f s".formatted(restart.all()));
    row(table, what + "caught up", "", "%.1f s".formatted(restart.caughtUp()));
  }

  private static void row(StringBuilder table, String figure, String goal, String measured) {
    table.append(String.format(Locale.ROOT, "%-62s %14s %18s%n", figure, goal, measured));
  }
}
