package millrace.settlement.claim;

import millrace.chain.contract.ClaimFormProperties;
import millrace.chain.contract.ClaimForms;
import millrace.chain.rpc.Rpc;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.chain.Worker;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClaimFormProperties.class)
class ClaimFormConfiguration {
  /// Asked once while the service starts; if no node answers then, the worker below asks again.
  @Bean
  ClaimForms claimForms(Rpc rpc, HubTerms terms, ClaimFormProperties properties) {
    var forms = new ClaimForms(rpc, terms.channels(), terms.vault(), properties);
    forms.ask();
    return forms;
  }

  @Bean
  Worker claimFormWorker(ClaimForms forms) {
    return new Worker() {
      @Override
      public String name() {
        return "claim-form";
      }

      @Override
      public boolean work() {
        forms.ask();
        return false;
      }
    };
  }
}
