package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;

/// What a payer makes of a hub's word.
@CheckReturnValue
sealed interface Judgement {
  record Believed(PayerChannel channel) implements Judgement {}

  record Doubted(String why) implements Judgement {}
}
