package millrace.standalone.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// The loopback ports of one hub: the gateway's is the one people type, the others are any.
record HubAddresses(
    int gateway, int management, int channelService, int settlementService, int watchtower) {

  /// @param gateway 0 for any that is free
  static HubAddresses choose(int gateway) {
    var free = freePorts(5);
    return new HubAddresses(
        gateway == 0 ? free.get(4) : gateway, free.get(0), free.get(1), free.get(2), free.get(3));
  }

  String gatewayUrl() {
    return url(gateway);
  }

  String managementUrl() {
    return url(management);
  }

  String channelServiceUrl() {
    return url(channelService);
  }

  String settlementServiceUrl() {
    return url(settlementService);
  }

  String watchtowerServiceUrl() {
    return url(watchtower);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  /// Held open together, so that they are different ones.
  static List<Integer> freePorts(int count) {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (var socket : sockets) socket.close();
      return ports;
    } catch (IOException failure) {
      throw new UncheckedIOException("no free port", failure);
    }
  }
}
