package millrace.settlement.chain;

import java.time.Clock;
import java.util.List;
import millrace.chain.ChainProperties;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ContractEvents;
import millrace.chain.contract.TokenReader;
import millrace.chain.contract.VaultReader;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import millrace.protocol.channel.HubTerms;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChainProperties.class)
class ChainConfiguration {
  /// A node of another chain stops the start; one that is down does not.
  @Bean
  Rpc rpc(ChainProperties chain, HubTerms terms) {
    var rpc = new Rpc(chain.rpc(terms.chainId()));
    rpc.verifyChain();
    return rpc;
  }

  @Bean
  ContractEvents contractEvents(HubTerms terms) {
    return new ContractEvents(terms.channels(), terms.vault(), terms.token().address());
  }

  @Bean
  ChannelReader channelReader(Rpc rpc, HubTerms terms) {
    return new ChannelReader(rpc, terms.channels());
  }

  @Bean
  TokenReader tokenReader(Rpc rpc, HubTerms terms) {
    return new TokenReader(rpc, terms.token().address());
  }

  @Bean
  VaultReader vaultReader(Rpc rpc, HubTerms terms) {
    return new VaultReader(rpc, terms.vault());
  }

  /// Only the channel contract is followed: a token that everybody uses says too much.
  @Bean(destroyMethod = "")
  BlockFollower blockFollower(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionTemplate transactions,
      ChainProperties chain,
      HubTerms terms,
      ChainListener listener,
      Clock clock) {
    return new BlockFollower(
        rpc, jdbc, transactions, chain.follower(List.of(terms.channels())), listener, clock);
  }
}
