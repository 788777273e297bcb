package millrace.protocol.x402;

import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.type.Address;

/// The contracts behind the scheme. Stock clients know only the canonical addresses.
///
/// @param channels the channel contract, which vouchers are bound to
/// @param depositCollector whom an EIP-3009 deposit authorisation names as recipient
public record Deployment(Address channels, Address depositCollector) {
  public static final Deployment CANONICAL =
      new Deployment(
          Address.of("0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003"),
          Address.of("0x4020806089470a89826cB9fB1f4059150b550004"));

  public ChannelsDomain domain(Network network) {
    return new ChannelsDomain(network.chainId(), channels);
  }
}
