package millrace.gateway.link;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.metadata.Metadata;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;

/// A price with an address of its own.
///
/// @param description for a human; empty when there is none
/// @param metadata that payments by it have
public record PaymentLink(
    String id,
    MerchantId merchant,
    Amount amount,
    String description,
    Metadata metadata,
    Optional<Instant> expiresAt,
    Instant createdAt,
    Optional<Instant> deactivatedAt) {
  public static final String PREFIX = "pl_";

  /// Where links are paid, below the address of the gateway.
  public static final String PATH = "/pay/";

  private static final Pattern FORM = Pattern.compile("pl_[0-9a-z]{26}");

  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }

  public String path() {
    return PATH + id;
  }

  public boolean isOpenAt(Instant now) {
    return deactivatedAt.isEmpty() && expiresAt.map(now::isBefore).orElse(true);
  }

  Status statusAt(Instant now) {
    if (deactivatedAt.isPresent()) return Status.INACTIVE;
    return isOpenAt(now) ? Status.ACTIVE : Status.EXPIRED;
  }

  enum Status {
    ACTIVE,
    INACTIVE,
    EXPIRED
  }
}
