package millrace.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.outbound.OutboundClient;
import millrace.protocol.channel.HubTerms;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookConfiguration {
  @Bean
  NoticeBodies noticeBodies(JsonMapper json, LiveMode mode, HubTerms terms) {
    return new NoticeBodies(json, mode.live(), terms.token());
  }

  @Bean
  WebhookSender webhookSender(OutboundClient client, WebhookSettings settings, Clock clock) {
    return new WebhookSender(client, clock, settings.timeout());
  }

  @Bean
  WebhookWorker webhookWorker(
      Lanes lanes,
      OutcomeStore outcomes,
      WebhookSender sender,
      WebhookSettings settings,
      Bell bell,
      Clock clock,
      MeterRegistry metrics) {
    return new WebhookWorker(
        lanes, new Outcomes(outcomes, bell), sender, settings, bell, clock, metrics);
  }
}
