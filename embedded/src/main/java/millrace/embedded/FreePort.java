package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports of the loopback address, the only one that local infrastructure listens on.
///
/// Those that it chooses itself are below the range from which systems take ports for outgoing
/// connections: whoever is killed and started again finds its port as free as before. Each JVM
/// begins elsewhere and goes on from there, so two that choose at the same time choose differently.
public final class FreePort {
  private static final int MAX_PORT = 65_535;
  private static final int FIRST = 11_000;
  private static final int COUNT = 21_000;

  /// Consecutive process ids are far enough from each other for all that one JVM wants.
  private static final int STRIDE = 67;

  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * STRIDE % COUNT));

  private FreePort() {}

  /// One that this JVM has not chosen before.
  public static int any() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try {
        return listenedOn(port);
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new IllegalStateException("no port of 127.0.0.1 is free");
  }

  /// The wished port if it is free, any free one if the wish is 0. Asked before the child starts,
  /// because "the port is taken" is said more clearly here than by three different programs.
  static int orAny(int wished, String what) {
    if (wished < 0 || wished > MAX_PORT) {
      throw new IllegalArgumentException("no port for " + what + ": " + wished);
    }
    if (wished == 0) return any();
    try {
      return listenedOn(wished);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot listen on port %d of 127.0.0.1; is another one running there?"
              .formatted(what, wished),
          e);
    }
  }

  /// Any free port but one that was found free before and is not yet in use.
  static int otherThan(int found, String what) {
    int port = orAny(0, what);
    return port == found ? otherThan(found, what) : port;
  }

  private static int listenedOn(int port) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getLocalPort();
    }
  }
}
