package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against a server in this JVM that answers everything at once.
class DriverTest {
  private final Upstream server;

  DriverTest() throws IOException {
    server = Upstream.start();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void sendsUntilALaneHasNothingLeftAndCountsEveryAnswer() throws IOException {
    var lanes = List.of(new Counting(500), new Counting(500));
    var report = run(lanes, Pace.CLOSED, Duration.ofSeconds(20));
    assertThat(report.ranDry()).isTrue();
    assertThat(report.seconds()).isLessThan(20);
    assertThat(report.accepted()).isEqualTo(lanes.stream().mapToInt(lane -> lane.answered).sum());
    assertThat(lanes).anyMatch(lane -> lane.answered == 500);
    assertThat(report.errors()).isZero();
  }

  @Test
  void endsInTimeWhenThereIsMoreToSend() throws IOException {
    var report = run(List.of(new Counting(Integer.MAX_VALUE)), Pace.CLOSED, Duration.ofMillis(200));
    assertThat(report.ranDry()).isFalse();
    assertThat(report.accepted()).isPositive();
  }

  @Test
  void byTheClockSendsAtThatRateHoweverFastTheAnswersAre() throws IOException {
    var lanes = Stream.generate(() -> new Counting(1_000)).limit(8).toList();
    var report = run(lanes, new Pace(300, false), Duration.ofSeconds(1));
    // Never more, and less only where this JVM did not get to send what was due at the end.
    assertThat(report.accepted()).isBetween(100L, 301L);
  }

  /// One lane that takes 20 ms for a request cannot send 500 a second. What was due meanwhile
  /// counts its whole wait, or is left out where the pace says so.
  @Test
  void aSlowServerMakesLatenciesLongOrRequestsUnsent() throws IOException {
    var waited = run(List.of(new Slow()), new Pace(500, false), Duration.ofMillis(500));
    assertThat(waited.maxMillis()).isGreaterThan(200);
    assertThat(waited.unsent()).isZero();

    var left = run(List.of(new Slow()), new Pace(500, true), Duration.ofMillis(500));
    assertThat(left.unsent()).isPositive();
    assertThat(left.maxMillis()).isLessThan(waited.maxMillis());
  }

  @Test
  void aServerThatIsNotThereIsCountedAndTriedAgain() throws IOException {
    var target = Target.get(server.url());
    try (var driver =
        new Driver(target.address(), List.of(new Counting(9)), Pace.CLOSED, _ -> {})) {
      server.close();
      var report = driver.run(Duration.ofMillis(350));
      assertThat(report.accepted()).isZero();
      assertThat(report.broken()).isBetween(1L, 10L);
    }
  }

  private PhaseReport run(List<? extends Errand> lanes, Pace pace, Duration length)
      throws IOException {
    try (var driver = new Driver(Target.get(server.url()).address(), lanes, pace, _ -> {})) {
      return driver.run(length);
    }
  }

  /// So many requests.
  private class Counting implements Errand {
    private final int limit;
    private int answered;

    Counting(int limit) {
      this.limit = limit;
    }

    @Override
    public boolean isDry() {
      return answered == limit;
    }

    @Override
    public void write(ByteBuffer out) {
      Target.get(server.url()).writeStart(out);
      out.put("\r\n".getBytes(US_ASCII));
    }

    @Override
    public Verdict judge(Answer answer, Tally tally) {
      answered++;
      tally.accepted(1);
      return Verdict.ACCEPTED;
    }
  }

  private final class Slow extends Counting {
    Slow() {
      super(Integer.MAX_VALUE);
    }

    @Override
    public void write(ByteBuffer out) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      super.write(out);
    }
  }
}
