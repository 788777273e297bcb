package millrace.watchtower;

import java.time.Clock;
import java.util.List;
import millrace.chain.ChainProperties;
import millrace.chain.rpc.Rpc;
import millrace.messaging.MessagingConfiguration;
import millrace.protocol.channel.HubTerms;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChainProperties.class)
@Import(MessagingConfiguration.class)
class WatchtowerConfiguration {
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

  /// The tower's own connections to nodes. One that follows another chain is never asked.
  @Bean
  Rpc rpc(ChainProperties chain, HubTerms hub) {
    var rpc = new Rpc(chain.rpc(hub.chainId()));
    rpc.verifyChain();
    return rpc;
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
