package millrace.payer;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// The chain as a payer needs it: to check what a hub says, and to leave without the hub.
/// [Web3jPayerChain] is the real one.
public interface PayerChain {
  OnChain read(ChannelId id) throws IOException;

  /// Announces that `amount` is taken out, and waits until that is in a block.
  ///
  /// @throws ChainRefusal when the contract refuses
  Bytes32 initiateWithdraw(ChannelConfig config, Amount amount) throws IOException;

  /// Takes out what was announced, and waits until that is in a block.
  ///
  /// @throws ChainRefusal when the contract refuses, as it does before the delay is over
  Bytes32 finalizeWithdraw(ChannelConfig config) throws IOException;

  /// @param balance deposits less refunds and withdrawals
  /// @param claimed of it, by the hub
  record OnChain(Amount balance, Amount claimed, Optional<Withdrawal> withdrawal) {
    boolean isUnused() {
      return balance.isZero() && claimed.isZero();
    }

    public Amount unclaimed() {
      return balance.minusOrZero(claimed);
    }
  }

  record Withdrawal(Amount amount, Instant initiatedAt) {}

  /// The contract said no.
  final class ChainRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    public ChainRefusal(String message) {
      super(message);
    }
  }
}
