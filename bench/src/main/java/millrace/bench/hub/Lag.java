package millrace.bench.hub;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How far the services that learn of payments from Kafka are behind. A few times a second it
/// notes what channel-service has just committed and looks when the others have that too, so a
/// figure is true to the time between two looks, and never too small.
public final class Lag implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);

  /// Of the newest payments so many, which is enough to be in every partition.
  private static final Follower.Queries READ_MODEL =
      new Follower.Queries(
          """
          SELECT array_agg(reference) FROM (
            SELECT reference FROM ledger_transfer WHERE credit = 'MERCHANT' AND debit = 'PAYER'
             ORDER BY id DESC LIMIT 64) newest
          """,
          "SELECT count(*) = cardinality(?) FROM payment WHERE id = ANY (?)");

  /// Of every channel what it is charged.
  private static final Follower.Queries TOWER =
      new Follower.Queries(
          """
          SELECT array_agg(encode(channel_id, 'hex') || ' ' || charged) FROM channel
           WHERE charged > 0
          """,
          """
          SELECT count(*) = cardinality(?)
            FROM unnest(?) AS noted (line)
            JOIN voucher ON channel_id = decode(split_part(line, ' ', 1), 'hex')
             AND charged >= split_part(line, ' ', 2)::numeric
          """);

  private final Connection source;
  private final Follower tower;
  private final Follower readModel;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable SQLException failure;

  private Lag(BenchHub hub) throws SQLException {
    source = DriverManager.getConnection(hub.databaseUrl("channel"));
    tower = new Follower(DriverManager.getConnection(hub.databaseUrl("watchtower")), TOWER);
    readModel = new Follower(DriverManager.getConnection(hub.databaseUrl("gateway")), READ_MODEL);
    thread = Thread.ofPlatform().name("lag").daemon().start(this::follow);
  }

  public static Lag of(BenchHub hub) {
    try {
      return new Lag(hub);
    } catch (SQLException e) {
      throw new IllegalStateException("the hub's databases cannot be reached", e);
    }
  }

  /// The most that each was behind.
  ///
  /// @param settle seconds until neither was behind any more
  public record Reading(double tower, double readModel, double settle) {}

  /// Forgets earlier readings.
  public void begin() {
    tower.forget();
    readModel.forget();
  }

  /// Waits until both have what was committed before now.
  public Reading end(Duration limit) {
    long asked = System.nanoTime();
    while (tower.reachedNanos() < asked || readModel.reachedNanos() < asked) {
      if (failure != null) throw new IllegalStateException("cannot look", failure);
      if (System.nanoTime() - asked > limit.toNanos()) break;
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return new Reading(
        tower.worstSeconds(), readModel.worstSeconds(), (System.nanoTime() - asked) / 1e9);
  }

  /// How long it took, since the last beginning, until the tower had what was committed at a time:
  /// the time within which 99 of 100 looks were answered.
  public double towerP99Seconds() {
    return tower.p99Seconds();
  }

  /// As it is now, for a line of progress.
  public String now() {
    return "tower %.1f s, read model %.1f s behind"
        .formatted(tower.lastSeconds(), readModel.lastSeconds());
  }

  private void follow() {
    try {
      while (!closed) {
        tower.look(source);
        readModel.look(source);
        LockSupport.parkNanos(LOOK.toNanos());
      }
    } catch (SQLException e) {
      if (!closed) failure = e;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(5));
      source.close();
      tower.close();
      readModel.close();
    } catch (SQLException e) {
      throw new IllegalStateException("a connection does not close", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static List<String> texts(@Nullable Array array) throws SQLException {
    return array != null && array.getArray() instanceof String[] texts ? List.of(texts) : List.of();
  }
}
