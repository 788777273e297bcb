package millrace.gateway.hub;

import io.micrometer.core.instrument.MeterRegistry;
import millrace.gateway.hub.HubConnection.HubContractException;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BooksView;
import tools.jackson.core.JacksonException;

/// settlement-service as far as the gateway asks it.
public final class Settlement implements AutoCloseable {
  private final SettlementSettings settings;
  private final HubConnection connection;

  public Settlement(SettlementSettings settings, MeterRegistry metrics) {
    this.settings = settings;
    this.connection =
        new HubConnection(
            settings.url(), Hub.breaker("settlement-service", settings.url(), metrics));
  }

  /// The chain's books beside settlement's own.
  public BooksView books() {
    var body =
        connection
            .get("/internal/books", settings.callTimeout())
            .orElseThrow(() -> new HubContractException("404 to /internal/books"));
    try {
      return MessagingJson.mapper().readValue(body, BooksView.class);
    } catch (JacksonException notTheContract) {
      throw new HubContractException("unreadable books", notTheContract);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
