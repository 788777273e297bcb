package millrace.gateway.merchant;

import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import org.springframework.stereotype.Component;

/// What every amount of this hub is in, and whether it is worth anything.
@Component
public final class Denomination {
  private final LiveMode mode;
  private final HubTerms.Token token;

  Denomination(LiveMode mode, HubTerms terms) {
    this.mode = mode;
    this.token = terms.token();
  }

  public boolean live() {
    return mode.live();
  }

  public Address asset() {
    return token.address();
  }

  /// How many of the asset's digits are behind the point.
  public int decimals() {
    return token.decimals();
  }
}
