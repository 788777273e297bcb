package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.IOException;
import java.util.Optional;
import millrace.payer.Http.Answer;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// How a refund that was asked of the hub ended.
@CheckReturnValue
public sealed interface RefundResult {
  record Refunded(Amount amount, Optional<Bytes32> transaction, PayerChannel channel)
      implements RefundResult {}

  record Refused(Answer answer, String error) implements RefundResult {}

  /// The hub failed on the way; the refund may still happen.
  record Unconfirmed(Answer answer) implements RefundResult {}

  record Declined(Objection objection, String detail) implements RefundResult {}

  record Unanswered(IOException cause) implements RefundResult {}
}
