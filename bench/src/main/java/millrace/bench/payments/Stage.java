package millrace.bench.payments;

import java.util.Optional;
import java.util.stream.Stream;
import millrace.bench.load.Shape;

/// The phases of the benchmark, in the order in which they run.
enum Stage {
  SINGLE_1("single-1", Shape.API, 1, 2_500),
  SINGLE_16("single-16", Shape.API, 16, 8_000),
  SINGLE_64("single-64", Shape.API, 64, 10_000),
  SINGLE_256("single-256", Shape.API, 256, 10_000),
  BATCH("batch", Shape.BATCH, 0, 14_000),
  PAYWALL("paywall", Shape.PAYWALL, 64, 6_000),
  UNPAID("unpaid-402", Shape.UNPAID, 64, 0),
  HALF("half-rate", Shape.API, 0, 0);

  private final String label;
  private final Shape shape;

  /// Requests under way at once; 0 for one on every channel.
  private final int lanes;

  private final int guess;

  Stage(String label, Shape shape, int lanes, int guess) {
    this.label = label;
    this.shape = shape;
    this.lanes = lanes;
    this.guess = guess;
  }

  String label() {
    return label;
  }

  Shape shape() {
    return shape;
  }

  /// @param channels that are open
  int lanes(int channels) {
    return lanes == 0 ? channels : Math.min(lanes, channels);
  }

  /// Payments a second before anything was measured, with room above.
  int guess() {
    return guess;
  }

  boolean isSingle() {
    return this == SINGLE_1 || this == SINGLE_16 || this == SINGLE_64 || this == SINGLE_256;
  }

  static Optional<Stage> of(String label) {
    return Stream.of(values()).filter(stage -> stage.label.equals(label)).findFirst();
  }
}
