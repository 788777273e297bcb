package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The merchant's own server behind the paywall: the least that HTTP allows, so that what is
/// measured is the paywall. Answers every request without a body with the same few bytes.
public final class Upstream implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int MAX_REQUEST_BYTES = 32 * 1024;
  private static final byte[] ANSWER =
      """
      HTTP/1.1 200 OK\r
      Content-Type: application/json\r
      Content-Length: 16\r
      \r
      {"goods":"here"}"""
          .getBytes(US_ASCII);

  private final Selector selector;
  private final ServerSocketChannel server;

  private Upstream(Selector selector, ServerSocketChannel server) {
    this.selector = selector;
    this.server = server;
  }

  public static Upstream start() throws IOException {
    var server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    var selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    var upstream = new Upstream(selector, server);
    Thread.ofPlatform().name("upstream").daemon().start(upstream::serve);
    return upstream;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.socket().getLocalPort());
  }

  private void serve() {
    try {
      while (selector.isOpen()) selector.select(this::ready);
    } catch (ClosedSelectorException end) {
      // That is how close() ends this thread.
    } catch (IOException e) {
      throw new UncheckedIOException("the upstream broke", e);
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        var client = server.accept();
        client.configureBlocking(false);
        client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(MAX_REQUEST_BYTES));
      } else if (key.channel() instanceof SocketChannel client
          && key.attachment() instanceof ByteBuffer request) {
        answer(client, request);
      }
    } catch (IOException gone) {
      close(key);
    }
  }

  private static void answer(SocketChannel client, ByteBuffer request) throws IOException {
    if (client.read(request) < 0) throw new IOException("the client has left");
    if (!isWhole(request)) {
      if (!request.hasRemaining()) throw new IOException("a request without an end");
      return;
    }
    request.clear();
    var answer = ByteBuffer.wrap(ANSWER);
    while (answer.hasRemaining()) client.write(answer);
  }

  private static boolean isWhole(ByteBuffer request) {
    int end = request.position();
    return end >= 4
        && request.get(end - 1) == '\n'
        && request.get(end - 2) == '\r'
        && request.get(end - 3) == '\n';
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException("a socket does not close", e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    selector.close();
  }
}
