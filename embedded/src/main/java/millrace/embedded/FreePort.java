package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Ports of the loopback address, the only one that local infrastructure listens on.
final class FreePort {
  private static final int MAX_PORT = 65_535;

  private FreePort() {}

  /// The wished port if it is free, any free one if the wish is 0. Asked before the child starts,
  /// because "the port is taken" is said more clearly here than by three different programs.
  static int orAny(int wished, String what) {
    if (wished < 0 || wished > MAX_PORT) {
      throw new IllegalArgumentException("no port for " + what + ": " + wished);
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wished));
      return socket.getLocalPort();
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
}
