package millrace.gateway.merchant;

import java.util.Set;
import millrace.protocol.type.MerchantId;

/// Who makes a request of the merchant API, proved by an API key. A handler that takes one says by
/// [Scoped] what the key must be allowed to do.
///
/// @param secret whether the key is one that may do everything
public record Caller(
    MerchantId merchant, String keyId, boolean secret, Set<Scope> scopes, KeyLimits limits) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }
}
