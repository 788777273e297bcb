package millrace.bench.micro;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.Map;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubSettings;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// The gateway's own client, with its breaker, its repeats and its metrics.
final class GatewayHop implements Hop {
  private static final String PREFIX = "millrace.gateway.channel-service";

  private final Hub hub;

  GatewayHop(HubSettings settings) {
    hub = new Hub(settings, new SimpleMeterRegistry());
  }

  /// With the defaults that a gateway has.
  static HubSettings settings(URI server) {
    var source = new MapConfigurationPropertySource(Map.of(PREFIX + ".url", server.toString()));
    return new Binder(source).bind(PREFIX, HubSettings.class).get();
  }

  @Override
  public PaymentOutcome send(PaymentCommand command) {
    return hub.send(command);
  }

  @Override
  public void close() {
    hub.close();
  }
}
