package millrace.gateway.merchant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What an API key may do. A new merchant's first key may do everything.
public enum Scope {
  PAYMENTS_READ,
  PAYMENTS_WRITE,
  BALANCE_READ,
  PAYOUTS_READ,
  PAYOUTS_WRITE,
  ROUTES_READ,
  ROUTES_WRITE,
  EVENTS_READ,
  WEBHOOKS_READ,
  WEBHOOKS_WRITE,
  KEYS_READ,
  KEYS_WRITE,
  AUDIT_READ;

  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  @JsonCreator
  public static Scope ofWire(String wire) {
    return Arrays.stream(values())
        .filter(scope -> scope.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown scope"));
  }

  static String join(Set<Scope> scopes) {
    return scopes.stream().map(Scope::wire).sorted().collect(Collectors.joining(" "));
  }

  static Set<Scope> split(String joined) {
    var scopes = EnumSet.noneOf(Scope.class);
    for (var wire : joined.split(" ", -1)) {
      if (!wire.isEmpty()) scopes.add(ofWire(wire));
    }
    return scopes;
  }
}
