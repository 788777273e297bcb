package millrace.gateway.merchant;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// A secret key may do everything, also what is invented later; a restricted one has scopes.
enum KeyType {
  SECRET("sk"),
  RESTRICTED("rk");

  private final String prefix;

  KeyType(String prefix) {
    this.prefix = prefix;
  }

  String prefix() {
    return prefix;
  }

  @JsonValue
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
