package millrace.protocol.channel;

import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;

/// The terms of a channel, fixed for ever: their EIP-712 hash is its id.
///
/// @param payer who locks the money and gets the rest back
/// @param payerAuthorizer whose key signs vouchers; zero (contract wallets) is refused by the hub
/// @param receiver whom claims pay: the hub's vault
/// @param receiverAuthorizer who may claim and refund beside the receiver: the vault again
/// @param token the ERC-20 token
/// @param withdrawDelaySeconds how long the payer waits between asking and leaving, a `uint40`
/// @param salt tells channels with equal terms apart
public record ChannelConfig(
    Address payer,
    Address payerAuthorizer,
    Address receiver,
    Address receiverAuthorizer,
    Address token,
    long withdrawDelaySeconds,
    Bytes32 salt) {
  /// The largest `uint40`. What the contract accepts is far less.
  public static final long MAX_WITHDRAW_DELAY_SECONDS = (1L << 40) - 1;

  public ChannelConfig {
    if (withdrawDelaySeconds < 0 || withdrawDelaySeconds > MAX_WITHDRAW_DELAY_SECONDS) {
      throw new IllegalArgumentException("withdrawDelay must be a uint40");
    }
  }
}
