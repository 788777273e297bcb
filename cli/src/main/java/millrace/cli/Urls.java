package millrace.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Addresses as people type them.
final class Urls {
  private Urls() {}

  /// Without a scheme it is http, as for a server of one's own. Empty for what cannot be called.
  static Optional<URI> parse(String text) {
    try {
      var url = new URI(text.contains("://") ? text : "http://" + text);
      boolean callable =
          (url.getScheme().equalsIgnoreCase("http") || url.getScheme().equalsIgnoreCase("https"))
              && url.getHost() != null
              && url.getFragment() == null;
      var path = Optional.ofNullable(url.getRawPath()).orElse("");
      return callable ? Optional.of(path.equals("/") ? new URI(text(url)) : url) : Optional.empty();
    } catch (URISyntaxException wrong) {
      return Optional.empty();
    }
  }

  private static String text(URI url) {
    return url.toString().replaceFirst("/$", "");
  }
}
