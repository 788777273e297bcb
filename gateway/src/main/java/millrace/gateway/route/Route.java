package millrace.gateway.route;

import java.net.URI;
import java.time.Instant;
import java.util.Set;
import millrace.gateway.metadata.Metadata;
import millrace.protocol.type.MerchantId;

/// A resource behind a price.
///
/// @param methods in upper case; empty for all
/// @param description for a human; empty when there is none
/// @param mimeType of what is delivered; empty when unknown
public record Route(
    RouteId id,
    MerchantId merchant,
    URI upstream,
    Price price,
    Set<String> methods,
    String description,
    String mimeType,
    RouteLimits limits,
    Metadata metadata,
    Instant createdAt,
    Instant updatedAt) {
  static final String METHOD = "[A-Z]{1,20}";

  public Route {
    methods = Set.copyOf(methods);
  }

  static boolean isMethod(String text) {
    return text.matches(METHOD);
  }

  public boolean serves(String method) {
    return methods.isEmpty() || methods.contains(method);
  }
}
