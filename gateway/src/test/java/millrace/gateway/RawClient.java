package millrace.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import millrace.gateway.GatewayFixture.Account;

/// A client that does what no library would.
final class RawClient implements AutoCloseable {
  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  static RawClient of(GatewayFixture gateway) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
  }

  String head(String path, Account account, String mediaType, int length) {
    return String.join(
        "\r\n",
        "POST " + path + " HTTP/1.1",
        "Host: x",
        "Authorization: Bearer " + account.key(),
        "Content-Type: " + mediaType,
        "Content-Length: " + length,
        "",
        "");
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  void endOfRequest() throws IOException {
    socket.shutdownOutput();
  }

  /// 0 when there is no answer.
  int status() throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    var line = reader.readLine();
    return line == null ? 0 : Integer.parseInt(line.split(" ", 3)[1]);
  }

  /// All of it; the request asked for the connection to be closed.
  String answer() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
