package millrace.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP connection to somewhere else that can be cut and mended: so a node goes away without
/// forgetting its blocks.
final class Gate implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  Gate() {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no gate", e);
    }
  }

  /// Opens the way to a server.
  ///
  /// @return the address to use instead of the server's own
  URI before(URI server) {
    Thread.ofVirtual().name("gate").start(() -> accept(server.getPort()));
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  void cut() {
    open = false;
    sockets.forEach(Gate::close);
  }

  void mend() {
    open = true;
  }

  private void accept(int target) {
    while (!listener.isClosed()) {
      try {
        var from = listener.accept();
        Thread.ofVirtual().start(() -> pass(from, target));
      } catch (IOException e) {
        if (!listener.isClosed()) Progress.say("the gate could not take a connection: %s", e);
      }
    }
  }

  private void pass(Socket from, int target) {
    sockets.add(from);
    try {
      if (!open) throw new IOException("the gate is closed");
      var to = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(to);
      Thread.ofVirtual().start(() -> pump(from, to));
      Thread.ofVirtual().start(() -> pump(to, from));
      // Whoever cut the way meanwhile did not know of this connection.
      if (!open) close(to);
    } catch (IOException e) {
      sockets.remove(from);
      close(from);
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException cut) {
      // One side is gone; closing both tells the other.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close a socket", e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
