package millrace.protocol.channel;

import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// On which terms this hub takes channels: one chain, one contract, one vault, one token. Every
/// service of a hub is configured with the same ones (`millrace.hub.*`).
///
/// @param channels the channel contract
/// @param collector the EIP-3009 deposit collector
/// @param vault receiver and receiver authorizer of every channel
/// @param withdrawDelaySeconds what a 402 asks of a new channel
/// @param minDeposit the least a deposit may be, in base units of the token
public record HubTerms(
    BigInteger chainId,
    Address channels,
    Address collector,
    Address vault,
    Token token,
    long withdrawDelaySeconds,
    Amount minDeposit) {

  /// @param name of the token's EIP-712 domain
  /// @param version of the token's EIP-712 domain
  public record Token(Address address, String name, String version, int decimals, String symbol) {}

  public ChannelsDomain domain() {
    return new ChannelsDomain(chainId, channels);
  }

  /// Whether a channel of this config pays this hub, on its terms.
  public boolean match(ChannelConfig config) {
    return config.receiver().equals(vault)
        && config.receiverAuthorizer().equals(vault)
        && config.token().equals(token.address())
        && config.withdrawDelaySeconds() == withdrawDelaySeconds
        && !config.payerAuthorizer().isZero();
  }
}
