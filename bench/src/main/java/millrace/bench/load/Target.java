package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;

/// Where requests go, and all bytes of them that are always the same.
final class Target {
  private final InetSocketAddress address;
  private final byte[] start;

  private Target(InetSocketAddress address, byte[] start) {
    this.address = address;
    this.start = start;
  }

  InetSocketAddress address() {
    return address;
  }

  /// Up to where the header's or the body's own part begins.
  byte[] start() {
    return start.clone();
  }

  void writeStart(ByteBuffer out) {
    out.put(start);
  }

  static Target get(URI url) {
    var path =
        url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
    return new Target(address(url), head("GET", path, url));
  }

  /// @param key of the merchant who sends it
  static Target post(URI url, String key, String contentType) {
    var head =
        new String(head("POST", url.getRawPath(), url), US_ASCII)
            + "Authorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: "
                .formatted(key, contentType);
    return new Target(address(url), head.getBytes(US_ASCII));
  }

  /// The body of `POST /v1/payments` behind the payment signature.
  static byte[] restOfBody(long price, String resource) {
    return "\",\"amount\":\"%d\",\"resource\":{\"url\":\"%s\"}}"
        .formatted(price, resource)
        .getBytes(UTF_8);
  }

  static void length(ByteBuffer out, int bytes) {
    out.put(Integer.toString(bytes).getBytes(US_ASCII)).put("\r\n\r\n".getBytes(US_ASCII));
  }

  private static byte[] head(String method, String path, URI url) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n"
        .formatted(method, path, url.getRawAuthority())
        .getBytes(US_ASCII);
  }

  private static InetSocketAddress address(URI url) {
    return new InetSocketAddress(url.getHost(), url.getPort());
  }
}
