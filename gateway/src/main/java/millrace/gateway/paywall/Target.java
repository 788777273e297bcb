package millrace.gateway.paywall;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.route.RouteId;
import org.jspecify.annotations.Nullable;

/// Where a request path leads: a route, and what comes after it, as it was written.
record Target(RouteId route, String rest) {
  static final String PREFIX = "/x/";

  private static final Pattern HIDDEN = Pattern.compile("%(2f|5c|00)|\\\\");

  static Optional<Target> of(String rawPath) {
    if (!rawPath.startsWith(PREFIX)) return Optional.empty();
    int end = rawPath.indexOf('/', PREFIX.length());
    var id = rawPath.substring(PREFIX.length(), end < 0 ? rawPath.length() : end);
    if (!RouteId.isOne(id)) return Optional.empty();
    return Optional.of(new Target(new RouteId(id), end < 0 ? "" : rawPath.substring(end)));
  }

  /// Empty when the path tries to leave what the merchant put up for sale, or is no URL.
  Optional<URI> under(URI upstream, @Nullable String rawQuery) {
    if (climbs()) return Optional.empty();
    var base = upstream.toString();
    if (!rest.isEmpty() && base.endsWith("/")) base = base.substring(0, base.length() - 1);
    try {
      return Optional.of(URI.create(base + rest + (rawQuery == null ? "" : "?" + rawQuery)));
    } catch (IllegalArgumentException notUrl) {
      return Optional.empty();
    }
  }

  private boolean climbs() {
    var lower = rest.toLowerCase(Locale.ROOT);
    if (HIDDEN.matcher(lower).find()) return true;
    for (var segment : lower.replace("%2e", ".").replace("%3b", ";").split("/", -1)) {
      int parameters = segment.indexOf(';');
      var name = parameters < 0 ? segment : segment.substring(0, parameters);
      if (name.equals(".") || name.equals("..")) return true;
    }
    return false;
  }
}
