package millrace.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.outbound.OutboundClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookConfiguration {
  @Bean
  NoticeBodies noticeBodies(JsonMapper json, LiveMode mode) {
    return new NoticeBodies(json, mode.live());
  }

  @Bean
  WebhookWorker webhookWorker(
      Deliveries deliveries,
      WebhookEndpoints endpoints,
      OutboundClient client,
      WebhookSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    var sender = new WebhookSender(client, clock, settings.timeout());
    return new WebhookWorker(deliveries, endpoints, sender, settings, clock, metrics);
  }
}
