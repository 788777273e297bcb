package millrace.settlement.chain;

import java.math.BigInteger;
import millrace.chain.contract.TokenReader;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.RpcFault;
import millrace.chain.rpc.RpcUnavailable;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.TokenDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// A token with other decimals would be charged a wrong amount, and one with another domain could
/// take no deposit; both are mistakes of configuration that must not wait for the first payer.
@Component
class DeploymentCheck {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentCheck.class);

  private final HubTerms terms;
  private final TokenReader token;
  private volatile boolean confirmed;

  DeploymentCheck(HubTerms terms, TokenReader token) {
    this.terms = terms;
    this.token = token;
  }

  /// Nodes that are down do not stop a start.
  ///
  /// @throws IllegalStateException when the chain contradicts the configuration
  void run() {
    try {
      require();
    } catch (RpcUnavailable | RpcFault e) {
      LOG.warn("nothing is begun until the token can be checked: {}", e.getMessage());
    }
  }

  /// For whoever is about to begin something.
  ///
  /// @throws IllegalStateException when the chain contradicts the configuration
  /// @throws RpcUnavailable when no node has answered yet
  void require() {
    if (confirmed) return;
    compare();
    confirmed = true;
  }

  /// Without asking a node; somebody who begins something will.
  boolean isConfirmed() {
    return confirmed;
  }

  private void compare() {
    var configured = terms.token();
    var decimals = token.decimals(BlockRef.LATEST);
    if (!decimals.equals(BigInteger.valueOf(configured.decimals()))) {
      throw new IllegalStateException(
          "the token has %s decimals, millrace.hub.token.decimals says %d"
              .formatted(decimals, configured.decimals()));
    }
    var domain =
        new TokenDomain(
            configured.name(), configured.version(), terms.chainId(), configured.address());
    if (!token.domainSeparator(BlockRef.LATEST).equals(domain.separator())) {
      throw new IllegalStateException(
          "millrace.hub.token.name and .version are not those of the token's EIP-712 domain");
    }
  }
}
