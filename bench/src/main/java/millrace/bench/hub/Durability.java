package millrace.bench.hub;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What PostgreSQL itself says of its promises.
public final class Durability {
  private Durability() {}

  /// @throws IllegalStateException when an acknowledged commit could be lost
  public static Map<String, String> require(String databaseUrl) {
    var settings = new LinkedHashMap<String, String>();
    try (var connection = DriverManager.getConnection(databaseUrl);
        var statement = connection.createStatement()) {
      for (var name : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        try (var row = statement.executeQuery("SHOW " + name)) {
          row.next();
          settings.put(name, row.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not say how durable it is", e);
    }
    settings.forEach(
        (name, value) -> {
          if (!value.equals("on")) throw new IllegalStateException(name + " is " + value);
        });
    return settings;
  }
}
