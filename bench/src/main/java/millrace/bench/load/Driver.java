package millrace.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/// Drives all lanes of a phase from one thread: on two cores that the server needs as well, a load
/// generator has to cost little.
final class Driver implements AutoCloseable {
  private static final long REST_IF_BUSY = Duration.ofMillis(5).toNanos();
  private static final long REST_IF_WRONG = Duration.ofMillis(100).toNanos();
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
  private static final long LOOK = Duration.ofSeconds(2).toNanos();
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  private final Selector selector = Selector.open();
  private final List<Lane> lanes = new ArrayList<>();
  private final Deque<Lane> idle = new ArrayDeque<>();
  private final PriorityQueue<Lane> resting =
      new PriorityQueue<>(Comparator.comparingLong(Lane::restsUntilNanos));
  private final ByteBuffer out = ByteBuffer.allocateDirect(MAX_REQUEST_BYTES);
  private final Tally tally = new Tally();
  private final Pace pace;
  private final Consumer<String> progress;
  private volatile boolean stopped;
  private int underWay;
  private boolean dry;
  private boolean sending;

  Driver(
      InetSocketAddress address,
      List<? extends Errand> errands,
      Pace pace,
      Consumer<String> progress)
      throws IOException {
    this.pace = pace;
    this.progress = progress;
    for (var errand : errands) lanes.add(new Lane(errand, address, selector));
    idle.addAll(lanes);
  }

  /// Ends [#run(Duration)] early. Any thread may ask for it.
  void stop() {
    stopped = true;
  }

  /// Sends until the time is over or a channel has no voucher left, and waits for all answers. The
  /// seconds that count last until the last answer.
  PhaseReport run(Duration length) throws IOException {
    for (var lane : lanes) connect(lane);
    long start = System.nanoTime();
    long end = start + length.toNanos();
    long due = 0;
    long nextLook = start + LOOK;
    while (true) {
      long now = System.nanoTime();
      sending = now < end && !dry && !stopped;
      if (!sending && (underWay == 0 || now > end + PATIENCE)) break;
      wake(now);
      if (sending) due = pace.isClosed() ? sendIdle(now) : sendDue(start, now, due);
      if (now >= nextLook) {
        look(start, now);
        nextLook += LOOK;
      }
      selector.select(this::ready, waitMillis());
    }
    return tally.report((System.nanoTime() - start) / 1e9, dry);
  }

  /// Before the clock runs. A server that is not there is met again, and counted, when a request is
  /// due.
  private static void connect(Lane lane) {
    try {
      lane.connect();
    } catch (IOException refused) {
      lane.disconnect();
    }
  }

  private long sendIdle(long now) {
    for (var lane = idle.poll(); lane != null; lane = idle.poll()) send(lane, now);
    return 0;
  }

  private long sendDue(long start, long now, long first) {
    long number = first;
    while (start + pace.dueNanos(number) <= now) {
      var lane = idle.poll();
      if (lane != null) send(lane, start + pace.dueNanos(number));
      else if (pace.sheds()) tally.unsent();
      else break;
      number++;
    }
    return number;
  }

  /// A clock's next tick is never further away than a millisecond, which is how exact it is.
  private long waitMillis() {
    if (sending && !pace.isClosed()) return 1;
    return resting.isEmpty() ? 100 : 2;
  }

  private void wake(long now) {
    for (var lane = resting.peek();
        lane != null && lane.restsUntilNanos() <= now;
        lane = resting.peek()) {
      idle.add(resting.remove());
    }
  }

  private void send(Lane lane, long due) {
    if (lane.errand().isDry()) {
      dry = true;
      return;
    }
    underWay++;
    try {
      lane.send(out, due);
    } catch (IOException lost) {
      lost(lane);
    }
  }

  private void ready(SelectionKey key) {
    if (!(key.attachment() instanceof Lane lane)) return;
    try {
      if (key.isWritable()) lane.writeOn();
      if (key.isReadable()) {
        var answer = lane.read();
        if (answer.isPresent()) answered(lane, answer.get());
      }
    } catch (IOException | CancelledKeyException lost) {
      lost(lane);
    }
  }

  private void answered(Lane lane, Answer answer) {
    long now = System.nanoTime();
    underWay--;
    switch (lane.errand().judge(answer, tally)) {
      case ACCEPTED -> {
        tally.called(now - lane.dueNanos());
        if (pace.isClosed() && sending) send(lane, now);
        else idle.add(lane);
      }
      case BUSY -> rest(lane, now + REST_IF_BUSY);
      case WRONG -> rest(lane, now + REST_IF_WRONG);
    }
  }

  /// A server may close a connection on which nothing is under way; that breaks nothing.
  private void lost(Lane lane) {
    boolean waiting = lane.isWaiting();
    lane.disconnect();
    if (!waiting) return;
    underWay--;
    tally.broken();
    rest(lane, System.nanoTime() + REST_IF_WRONG);
  }

  private void rest(Lane lane, long until) {
    lane.restUntil(until);
    resting.add(lane);
  }

  private void look(long start, long now) {
    progress.accept(
        "%,d in %.0f s"
            .formatted(tally.accepted(), Duration.ofNanos(now - start).toMillis() / 1e3));
    for (var lane : lanes) {
      if (lane.isWaiting() && now - lane.dueNanos() > PATIENCE) lost(lane);
    }
  }

  @Override
  public void close() throws IOException {
    lanes.forEach(Lane::disconnect);
    selector.close();
  }
}
