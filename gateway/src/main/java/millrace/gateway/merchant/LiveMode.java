package millrace.gateway.merchant;

import java.math.BigInteger;
import java.util.Set;
import millrace.protocol.channel.HubTerms;
import org.springframework.stereotype.Component;

/// Whether this hub is about real money. Its chain decides, and nobody can configure it otherwise:
/// test keys are for the ledger of a dev chain only.
@Component
public final class LiveMode {
  /// What anvil, Hardhat and Ganache call theirs.
  private static final Set<BigInteger> DEV_CHAINS =
      Set.of(BigInteger.valueOf(31_337), BigInteger.valueOf(1_337));

  private final boolean live;

  LiveMode(HubTerms terms) {
    this.live = !DEV_CHAINS.contains(terms.chainId());
  }

  public boolean live() {
    return live;
  }
}
