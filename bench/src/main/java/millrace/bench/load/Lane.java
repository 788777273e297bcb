package millrace.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One keep-alive connection with at most one request under way on it.
final class Lane {
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
  private static final int FIRST_BYTES = 8 * 1024;

  private final Errand errand;
  private final InetSocketAddress address;
  private final Selector selector;
  private byte[] received = new byte[FIRST_BYTES];
  private int receivedBytes;
  private @Nullable SocketChannel socket;
  private @Nullable SelectionKey key;
  private @Nullable ByteBuffer unwritten;
  private long dueNanos;
  private boolean waiting;
  private long restsUntilNanos;

  Lane(Errand errand, InetSocketAddress address, Selector selector) {
    this.errand = errand;
    this.address = address;
    this.selector = selector;
  }

  Errand errand() {
    return errand;
  }

  boolean isWaiting() {
    return waiting;
  }

  long dueNanos() {
    return dueNanos;
  }

  long restsUntilNanos() {
    return restsUntilNanos;
  }

  void restUntil(long nanos) {
    restsUntilNanos = nanos;
  }

  void connect() throws IOException {
    if (socket != null) return;
    var opened = SocketChannel.open();
    try {
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      opened.socket().connect(address, CONNECT_TIMEOUT_MILLIS);
      opened.configureBlocking(false);
      key = opened.register(selector, SelectionKey.OP_READ, this);
      socket = opened;
    } catch (IOException refused) {
      opened.close();
      throw refused;
    }
  }

  /// @param out room for the request
  /// @param due when the request should have left
  void send(ByteBuffer out, long due) throws IOException {
    out.clear();
    errand.write(out);
    out.flip();
    dueNanos = due;
    waiting = true;
    connect();
    var connected = connected();
    connected.write(out);
    if (out.hasRemaining()) {
      unwritten = ByteBuffer.allocate(out.remaining()).put(out).flip();
      connectedKey().interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  void writeOn() throws IOException {
    var rest = unwritten;
    if (rest == null) return;
    connected().write(rest);
    if (rest.hasRemaining()) return;
    unwritten = null;
    connectedKey().interestOps(SelectionKey.OP_READ);
  }

  /// The answer, once it is there as a whole.
  ///
  /// @throws IOException when the connection has ended
  Optional<Answer> read() throws IOException {
    if (receivedBytes == received.length) received = Arrays.copyOf(received, 2 * received.length);
    var room = ByteBuffer.wrap(received, receivedBytes, received.length - receivedBytes);
    int count = connected().read(room);
    if (count < 0) throw new IOException("closed by the server");
    receivedBytes += count;
    var answer = Answer.in(received, receivedBytes);
    answer.ifPresent(
        whole -> {
          if (whole.end() != receivedBytes) throw new IllegalStateException("two answers to one");
          receivedBytes = 0;
          waiting = false;
          if (whole.last()) disconnect();
        });
    return answer;
  }

  void disconnect() {
    var open = socket;
    socket = null;
    key = null;
    unwritten = null;
    receivedBytes = 0;
    waiting = false;
    if (open == null) return;
    try {
      open.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a socket does not close", e);
    }
  }

  private SocketChannel connected() throws IOException {
    if (socket == null) throw new IOException("not connected");
    return socket;
  }

  private SelectionKey connectedKey() throws IOException {
    if (key == null) throw new IOException("not connected");
    return key;
  }
}
