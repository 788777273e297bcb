package millrace.standalone.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import millrace.protocol.type.Address;
import millrace.standalone.demo.HubApi;

/// The merchant that drills pay, made once for each hub and kept in a file beside the channels.
record CanaryMerchant(String id, String key) {
  private static final String FILE = "merchant.properties";

  /// @param payee where its earnings go: back to the canary
  static CanaryMerchant of(HubApi operator, String hub, Path store, Address payee)
      throws InterruptedException {
    try {
      Files.createDirectories(store);
      var file = store.resolve(FILE);
      var known = new Properties();
      if (Files.exists(file)) {
        try (var reader = Files.newBufferedReader(file)) {
          known.load(reader);
        }
      }
      if (hub.equals(known.getProperty("hub"))) {
        return new CanaryMerchant(known.getProperty("id"), known.getProperty("key"));
      }
      return make(operator, hub, file, payee);
    } catch (IOException failure) {
      throw new UncheckedIOException("the canary's folder " + store, failure);
    }
  }

  private static CanaryMerchant make(HubApi operator, String hub, Path file, Address payee)
      throws IOException, InterruptedException {
    var made =
        operator.post(
            "/v1/merchants", Map.of("name", "Canary", "payout_address", payee.toString()));
    var merchant =
        new CanaryMerchant(
            made.get("merchant").get("id").stringValue(),
            made.get("api_key").get("secret").stringValue());
    var kept = new Properties();
    kept.setProperty("hub", hub);
    kept.setProperty("id", merchant.id);
    kept.setProperty("key", merchant.key);
    var secret = PosixFilePermissions.fromString("rw-------");
    Files.deleteIfExists(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(secret));
    try (var writer = Files.newBufferedWriter(file)) {
      kept.store(writer, null);
    }
    return merchant;
  }
}
