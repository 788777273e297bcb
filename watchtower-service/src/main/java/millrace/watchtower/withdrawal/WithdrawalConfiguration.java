package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.util.List;
import millrace.chain.ChainProperties;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ClaimFormProperties;
import millrace.chain.contract.ClaimForms;
import millrace.chain.contract.ContractEvents;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.LocalSigner;
import millrace.chain.sender.TransactionSender;
import millrace.protocol.channel.HubTerms;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WatchtowerProperties.class, ClaimFormProperties.class})
class WithdrawalConfiguration {
  @Bean
  ContractEvents contractEvents(HubTerms hub) {
    return new ContractEvents(hub.channels(), hub.vault(), hub.token().address());
  }

  @Bean
  ChannelReader channelReader(Rpc rpc, HubTerms hub) {
    return new ChannelReader(rpc, hub.channels());
  }

  @Bean
  ClaimForms claimForms(Rpc rpc, HubTerms hub, ClaimFormProperties properties) {
    return new ClaimForms(rpc, hub.channels(), hub.vault(), properties);
  }

  /// Only the channel contract: the token's transfers are many and tell the tower nothing.
  @Bean
  BlockFollower follower(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionOperations transactions,
      ChainProperties chain,
      HubTerms hub,
      Withdrawals withdrawals,
      Clock clock) {
    var settings = chain.follower(List.of(hub.channels()));
    return new BlockFollower(rpc, jdbc, transactions, settings, withdrawals, clock);
  }

  @Bean
  TransactionSender sender(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionOperations transactions,
      WatchtowerProperties properties,
      ChainProperties chain,
      HubTerms hub,
      ClaimResults results,
      Clock clock) {
    return new TransactionSender(
        rpc,
        jdbc,
        transactions,
        new LocalSigner(properties.signingKey()),
        chain.sender(hub.chainId()),
        results,
        clock);
  }
}
