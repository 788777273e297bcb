package millrace.bench.micro;

import java.util.Locale;

/// What is compared, in the order of the table.
enum HopTransport {
  GATEWAY("gateway's own"),
  HTTP_BATCHES("HTTP, batches"),
  GRPC_BATCHES("gRPC, batches"),
  GRPC_SINGLE("gRPC, a call each");

  private final String label;

  HopTransport(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /// On the last line.
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
