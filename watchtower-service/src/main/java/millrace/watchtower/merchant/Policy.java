package millrace.watchtower.merchant;

import java.time.Duration;
import millrace.protocol.type.Amount;

/// When the tower acts.
///
/// @param silence for how long the hub may say nothing
/// @param creditWithin how long a promise may stay uncredited although the hub talks
/// @param minimum what is worth the gas, in base units
record Policy(Duration silence, Duration creditWithin, Amount minimum) {
  Policy {
    if (!silence.isPositive()) throw new IllegalArgumentException("the silence must be positive");
    if (!creditWithin.isPositive()) {
      throw new IllegalArgumentException("the time to credit within must be positive");
    }
    if (minimum.units().signum() == 0) {
      throw new IllegalArgumentException("the minimum must be at least 1");
    }
  }
}
