package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;

/// What [Payer#recover] found.
@CheckReturnValue
public sealed interface Recovery {
  record Recovered(PayerChannel channel) implements Recovery {}

  record Failed(String why) implements Recovery {}
}
