package millrace.bench.hub;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import millrace.protocol.type.ChannelId;
import millrace.standalone.hub.ProcessHub;
import tools.jackson.databind.json.JsonMapper;

/// What the hub has written down, read where it is written.
public record Books(String databaseUrl, URI ledger) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public static Books of(ProcessHub hub) {
    return new Books(
        hub.postgres().jdbcUrl("channel") + "?user=" + hub.postgres().user(),
        hub.channelService().resolve("/internal/ledger"));
  }

  /// How many payments of the journal are not there.
  ///
  /// @throws IllegalStateException when the books contradict themselves, or have more than was
  ///     ever signed
  public long missing(Map<ChannelId, Long> journal, long price) throws InterruptedException {
    requireInOrder();
    return new Journal(journal, price).missingIn(charged());
  }

  private Map<ChannelId, Long> charged() {
    var charged = new HashMap<ChannelId, Long>();
    try (var connection = DriverManager.getConnection(databaseUrl);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT channel_id, charged FROM channel")) {
      while (row.next()) {
        BigDecimal units = row.getBigDecimal(2);
        charged.put(ChannelId.of(row.getBytes(1)), units.longValueExact());
      }
      return charged;
    } catch (SQLException e) {
      throw new IllegalStateException("the books cannot be read", e);
    }
  }

  /// Debits equal credits, and every payer's account is what its channel says.
  public void requireInOrder() throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(HttpRequest.newBuilder(ledger).build(), BodyHandlers.ofString());
      var summary = JSON.readTree(answer.body());
      boolean inOrder =
          summary.path("imbalance").asString("").equals("0")
              && summary.path("payersOff").asInt(-1) == 0;
      if (!inOrder) throw new IllegalStateException("the books are not in order: " + summary);
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + ledger, e);
    }
  }
}
