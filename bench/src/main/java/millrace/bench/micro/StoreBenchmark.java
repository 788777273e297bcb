package millrace.bench.micro;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/// What a commit costs, by the payments in it. An iteration is a fixed number of commits, because
/// its vouchers have to be signed before it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class StoreBenchmark {
  @Param("64")
  public int rows;

  /// One transaction of channel-service, from the batch's arrival to its commit.
  @Benchmark
  public List<PaymentOutcome> channelService(Payers payers) {
    return StoreHub.running().pay(payers.batches.remove());
  }

  /// The limit: one statement, synced.
  @Benchmark
  public int bareUpdate(Rows table) throws SQLException {
    int updated = Objects.requireNonNull(table.rows).update();
    if (updated != rows) throw new IllegalStateException("updated " + updated + " rows");
    return updated;
  }

  /// A writer's channels, each of which has one payment in every batch.
  @State(Scope.Thread)
  public static class Payers {
    private final Queue<List<PaymentCommand>> batches = new ArrayDeque<>();
    private List<PayingChannel> channels = List.of();

    @Setup(Level.Trial)
    public void open(StoreBenchmark benchmark) {
      channels = StoreHub.running().open(benchmark.rows);
    }

    @Setup(Level.Iteration)
    public void sign(BenchmarkParams parameters) {
      for (int i = 0; i < parameters.getMeasurement().getBatchSize(); i++) {
        batches.add(channels.stream().map(PayingChannel::next).toList());
      }
    }
  }

  /// A writer's rows of the bare table.
  @State(Scope.Thread)
  public static class Rows {
    private static final AtomicLong WRITERS = new AtomicLong();

    private @Nullable BareRows rows;

    @Setup(Level.Trial)
    public void insert(StoreBenchmark benchmark) throws SQLException {
      var connection = StoreHub.running().connect();
      rows = new BareRows(connection, WRITERS.incrementAndGet(), benchmark.rows);
    }

    @TearDown(Level.Trial)
    public void close() throws SQLException {
      if (rows != null) rows.close();
    }
  }
}
