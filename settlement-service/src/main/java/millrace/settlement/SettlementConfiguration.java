package millrace.settlement;

import java.time.Clock;
import java.util.List;
import millrace.messaging.MessagingConfiguration;
import millrace.protocol.channel.HubTerms;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import(MessagingConfiguration.class)
class SettlementConfiguration {
  /// These have no default that could be right.
  private static final List<String> REQUIRED =
      List.of("millrace.hub.vault", "millrace.hub.token.address");

  @Bean
  HubTerms hubTerms(Environment environment) {
    for (var name : REQUIRED) {
      if (environment.getProperty(name, "").isBlank()) {
        throw new IllegalStateException(name + " must be set to the address of this hub's own");
      }
    }
    return Binder.get(environment)
        .bind("millrace.hub", HubTerms.class)
        .orElseThrow(() -> new IllegalStateException("millrace.hub.* is missing"));
  }

  @Bean
  TransactionTemplate transactions(PlatformTransactionManager manager) {
    return new TransactionTemplate(manager);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
