package millrace.bench.payments;

import java.util.List;
import java.util.Set;

/// What was asked for on the command line.
record Settings(
    int channels,
    double seconds,
    double warmUpSeconds,
    Set<Stage> stages,
    int batchLines,
    int batchCalls,
    double halfRate,
    boolean peer,
    List<String> javaOptions) {

  Settings {
    stages = Set.copyOf(stages);
    javaOptions = List.copyOf(javaOptions);
  }

  int lanes(Stage stage) {
    return stage == Stage.BATCH ? batchCalls : stage.lanes(channels);
  }

  int lines(Stage stage) {
    return stage == Stage.BATCH ? batchLines : 1;
  }

  /// How many channels a stage pays from.
  int channels(Stage stage) {
    return stage == Stage.BATCH ? channels : lanes(stage);
  }
}
