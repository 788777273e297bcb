package millrace.standalone.hub;

import java.util.List;
import java.util.stream.Stream;
import millrace.embedded.FreePort;

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

  static List<Integer> freePorts(int count) {
    return Stream.generate(FreePort::any).limit(count).toList();
  }
}
