package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.IOException;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// How a step of a withdrawal without the hub ended.
@CheckReturnValue
public sealed interface Withdrawal {
  /// @param delaySeconds until it can be finalized
  record Initiated(Amount amount, Bytes32 transaction, long delaySeconds) implements Withdrawal {}

  record Finalized(Amount amount, Bytes32 transaction) implements Withdrawal {}

  record Declined(Objection objection) implements Withdrawal {}

  /// The chain did not answer, or the contract refused.
  record Failed(IOException cause) implements Withdrawal {}
}
