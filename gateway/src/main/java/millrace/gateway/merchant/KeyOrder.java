package millrace.gateway.merchant;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// What a new key shall be.
///
/// @param scopes of a restricted key
record KeyOrder(
    String name, KeyType type, Set<Scope> scopes, KeyLimits limits, Map<String, String> metadata) {
  KeyOrder {
    scopes = Set.copyOf(scopes);
    metadata = Map.copyOf(metadata);
  }

  static KeyOrder secret(String name) {
    return new KeyOrder(name, KeyType.SECRET, EnumSet.allOf(Scope.class), KeyLimits.NONE, Map.of());
  }
}
