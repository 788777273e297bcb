package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:4242/hooks, http://localhost:4242/hooks",
    "localhost, http://localhost",
    "127.0.0.1:80/, http://127.0.0.1:80",
    "https://hub.example.com/, https://hub.example.com",
    "HTTP://a/b?c=d, HTTP://a/b?c=d"
  })
  void anAddressIsReadAsItIsMeant(String text, URI url) {
    assertThat(Urls.parse(text)).contains(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ftp://a/b", "http://", "a b", "http:///x", "file:///etc/passwd", "a#b"})
  void whatCannotBeCalledIsNoAddress(String text) {
    assertThat(Urls.parse(text)).isEmpty();
  }
}
