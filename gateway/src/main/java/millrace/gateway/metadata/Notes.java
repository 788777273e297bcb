package millrace.gateway.metadata;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Notes on what other services keep. They are written once its id is known: when a gateway dies
/// just before, the repeat of the request, which names the same notes, writes them.
@Repository
public class Notes {
  private final JdbcClient jdbc;
  private final Clock clock;

  Notes(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// The first notes on an object stay.
  public void keep(MerchantId merchant, String object, Metadata metadata) {
    if (metadata.isEmpty()) return;
    jdbc.sql(
            """
            INSERT INTO note (object_id, merchant_id, metadata, created_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (object_id) DO NOTHING
            """)
        .params(object, merchant.value(), metadata.json(), clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  public Metadata on(MerchantId merchant, String object) {
    return on(merchant, List.of(object)).getOrDefault(object, Metadata.NONE);
  }

  /// By object. Objects without notes are absent.
  public Map<String, Metadata> on(MerchantId merchant, Collection<String> objects) {
    if (objects.isEmpty()) return Map.of();
    var found = new HashMap<String, Metadata>();
    jdbc.sql(
            "SELECT object_id, metadata FROM note WHERE object_id = ANY (?::text[])"
                + " AND merchant_id = ?")
        .params(objects.toArray(String[]::new), merchant.value())
        .query(
            row -> {
              found.put(row.getString("object_id"), Metadata.ofJson(row.getString("metadata")));
            });
    return found;
  }
}
