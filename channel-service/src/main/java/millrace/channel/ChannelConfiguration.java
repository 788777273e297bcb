package millrace.channel;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import millrace.messaging.MessagingConfiguration;
import millrace.messaging.MessagingJson;
import millrace.messaging.writer.PaymentWriterConfiguration;
import millrace.protocol.channel.HubTerms;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.util.StringUtils;
import tools.jackson.databind.json.JsonMapper;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableScheduling
@ComponentScan
@ConfigurationPropertiesScan
@Import({MessagingConfiguration.class, PaymentWriterConfiguration.class})
class ChannelConfiguration {
  /// What differs from hub to hub and has no sensible default.
  private static final List<String> GIVEN =
      List.of("millrace.hub.vault", "millrace.hub.token.address");

  @Bean
  HubTerms hubTerms(Environment environment) {
    for (var name : GIVEN) {
      if (!StringUtils.hasText(environment.getProperty(name))) {
        throw new IllegalStateException(name + " must be set to the address of the contract");
      }
    }
    return Binder.get(environment).bindOrCreate("millrace.hub", HubTerms.class);
  }

  /// To the microsecond, which is what PostgreSQL keeps: a time read back equals the one written.
  @Bean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
  }

  /// Commands are executed, so a field that nobody knows is an error and not passed over.
  @Bean
  JsonMapper jsonMapper() {
    return MessagingJson.strict()
        .rebuild()
        .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
        .build();
  }
}
