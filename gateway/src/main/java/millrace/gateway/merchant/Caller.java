package millrace.gateway.merchant;

import java.util.Set;
import millrace.protocol.type.MerchantId;

/// Who makes a request of the merchant API, proved by an API key. A handler that takes one says by
/// [Scoped] what the key must be allowed to do.
public record Caller(MerchantId merchant, String keyId, Set<Scope> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }
}
