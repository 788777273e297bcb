package millrace.gateway.id;

import java.security.SecureRandom;
import java.time.Clock;
import millrace.protocol.type.Ulid;
import org.springframework.stereotype.Component;

/// Makes ids: a prefix that says of what, then a time and randomness, so later ones sort later.
@Component
public class Ids {
  private final SecureRandom random = new SecureRandom();
  private final Clock clock;

  public Ids(Clock clock) {
    this.clock = clock;
  }

  public String next(String prefix) {
    byte[] bytes = new byte[Ulid.RANDOM_BYTES];
    random.nextBytes(bytes);
    return prefix + Ulid.of(clock.instant(), bytes);
  }
}
