package millrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// What `millrace up` prints and keeps: the URL and the keys of the hub on this machine.
final class KeptKeys {
  private static final URI USUAL = URI.create("http://127.0.0.1:8402");

  private final Path file;

  private KeptKeys(Path file) {
    this.file = file;
  }

  static KeptKeys in(Map<String, String> environment) {
    var home = Optional.ofNullable(environment.get("MILLRACE_HOME")).orElse(".millrace");
    return new KeptKeys(Path.of(home, "hub", "sample.json"));
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(read().get(name)).filter(value -> !value.isBlank());
  }

  URI url() {
    return get("route_url")
        .flatMap(Urls::parse)
        .map(route -> URI.create(route.getScheme() + "://" + route.getRawAuthority()))
        .orElse(USUAL);
  }

  /// A key that was rolled stays the one that is used here.
  boolean replace(String before, String after) {
    var kept = read();
    if (!before.equals(kept.get("merchant_key"))) return false;
    kept.put("merchant_key", after);
    try {
      var beside = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(beside, HubClient.JSON.writeValueAsString(kept));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private Map<String, String> read() {
    try {
      if (!Files.isReadable(file)) return new LinkedHashMap<>();
      return HubClient.JSON.readValue(
          Files.readString(file), new TypeReference<LinkedHashMap<String, String>>() {});
    } catch (IOException | JacksonException unusable) {
      return new LinkedHashMap<>();
    }
  }
}
