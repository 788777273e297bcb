package millrace.protocol.channel;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.List;

/// The answer of a channel to an input. A refusal is a value and changes nothing.
@CheckReturnValue
public sealed interface Decision {
  record Accepted(Channel next, List<Effect> effects) implements Decision {
    static Accepted unchanged(Channel channel) {
      return new Accepted(channel, List.of());
    }
  }

  record Refused(Refusal reason) implements Decision {}
}
