package millrace.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP connection to somewhere else that can be cut and mended: so a node goes away without
/// forgetting its blocks.
final class Gate implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  Gate(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no gate", e);
    }
    Thread.ofVirtual().name("gate").start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  void cut() {
    open = false;
    sockets.forEach(Gate::close);
    sockets.clear();
  }

  void mend() {
    open = true;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var from = listener.accept();
        if (!open) {
          close(from);
          continue;
        }
        var to = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(from);
        sockets.add(to);
        Thread.ofVirtual().start(() -> pump(from, to));
        Thread.ofVirtual().start(() -> pump(to, from));
      } catch (IOException e) {
        if (!listener.isClosed()) Progress.say("the gate could not pass a connection: %s", e);
      }
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
