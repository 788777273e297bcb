package millrace.gateway.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where to send, and what to sign with: each key that may be believed now signs.
record Target(String endpoint, String url, Set<SignatureScheme> schemes, Keys keys, Previous old) {
  static Target of(ResultSet row) throws SQLException {
    var until = row.getObject("previous_until", OffsetDateTime.class);
    return new Target(
        row.getString("id"),
        row.getString("url"),
        SignatureScheme.split(row.getString("signatures")),
        new Keys(row.getString("secret"), row.getString("private_key")),
        new Previous(
            new Keys(row.getString("previous_secret"), row.getString("previous_private_key")),
            Optional.ofNullable(until).map(OffsetDateTime::toInstant)));
  }

  /// The signatures of a message, newest key first, as the header holds them.
  String sign(String message, Instant at, String body) {
    var signatures = new ArrayList<String>();
    for (var valid : valid(at)) {
      for (var scheme : EnumSet.copyOf(schemes)) {
        scheme.sign(valid, message, at, body).ifPresent(signatures::add);
      }
    }
    return String.join(" ", signatures);
  }

  private List<Keys> valid(Instant at) {
    return old.until.filter(at::isBefore).isPresent() ? List.of(keys, old.keys) : List.of(keys);
  }

  /// @param secret shared with the receiver
  /// @param privateKey of which the receiver knows the public one
  record Keys(@Nullable String secret, @Nullable String privateKey) {}

  /// What was replaced, and how long it is still good.
  record Previous(Keys keys, Optional<Instant> until) {}
}
