package millrace.payer;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentIdentifier;

/// What a payer works with.
///
/// @param salt of its channels; another one makes other channels on equal terms
/// @param resends how often a payment that got no answer is sent again as it was
/// @param pause before each of them
record Settings(
    PayerKeys keys,
    SpendLimits limits,
    PayerStore store,
    Http http,
    Optional<PayerChain> chain,
    Clock clock,
    SecureRandom random,
    Bytes32 salt,
    int resends,
    Duration pause) {
  private static final int IDENTIFIER_BYTES = 16;

  ChannelId channelId(Network network, ChannelConfig config) {
    return keys.deployment().domain(network).channelId(config);
  }

  Bytes32 freshSalt() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Bytes32.of(bytes);
  }

  PaymentIdentifier freshIdentifier() {
    var bytes = new byte[IDENTIFIER_BYTES];
    random.nextBytes(bytes);
    return new PaymentIdentifier("millrace_" + HexFormat.of().formatHex(bytes));
  }
}
