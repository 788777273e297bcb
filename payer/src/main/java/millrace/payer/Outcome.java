package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.IOException;
import java.util.Optional;
import millrace.payer.Http.Answer;

/// How a request ended.
@CheckReturnValue
public sealed interface Outcome {
  /// No payment was asked.
  record Free(Answer answer) implements Outcome {}

  record Paid(Answer answer, Receipt receipt) implements Outcome {}

  /// The server took the payment and served, but what it says of the charge does not add up. The
  /// channel still counts only what was agreed.
  record Disputed(Answer answer, String why) implements Outcome {}

  /// The server answered, yet neither took nor refused the payment: its own failure, or a resource
  /// that failed and so costs nothing. Whatever it did, it holds no more than the price. To ask
  /// again is safe with the same payment identifier.
  record Unconfirmed(Answer answer) implements Outcome {}

  /// The server refused the payment.
  ///
  /// @param error its word for it
  record Refused(Answer answer, String error) implements Outcome {}

  /// This side did not pay, and sent nothing that is worth anything.
  record Declined(Objection objection, String detail) implements Outcome {}

  /// No answer. When a payment was sent, it may have been taken.
  record Unanswered(IOException cause) implements Outcome {}

  /// The answer, when there is one.
  default Optional<Answer> response() {
    return switch (this) {
      case Free(var answer) -> Optional.of(answer);
      case Paid(var answer, _) -> Optional.of(answer);
      case Disputed(var answer, _) -> Optional.of(answer);
      case Unconfirmed(var answer) -> Optional.of(answer);
      case Refused(var answer, _) -> Optional.of(answer);
      case Declined _, Unanswered _ -> Optional.empty();
    };
  }
}
