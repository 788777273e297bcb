package millrace.gateway.merchant;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.gateway.metadata.MetadataColumn;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// The right to act for a merchant. The secret itself is nowhere but with its holder. Only what
/// changed is written: whoever notes that a key is used has read it before it may have been
// revoked.
@Entity
@DynamicUpdate
@Table(name = "api_key")
class ApiKey {
  @Id private String id;

  @Column(name = "merchant_id")
  private String merchantId;

  @Enumerated(EnumType.STRING)
  private KeyType type;

  private String name;
  private byte[] hash;
  private String hint;
  private String scopes;

  @Convert(converter = MetadataColumn.class)
  private Map<String, String> metadata;

  @Column(name = "expires_at")
  private @Nullable Instant expiresAt;

  @Column(name = "allowed_ips")
  private String allowedIps;

  @Column(name = "daily_spend")
  private @Nullable BigInteger dailySpend;

  @Column(name = "requests_per_second")
  private @Nullable Integer requestsPerSecond;

  /// The secret before this one, for as long as both are good.
  @Column(name = "previous_hash")
  private byte @Nullable [] previousHash;

  @Column(name = "previous_until")
  private @Nullable Instant previousUntil;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "last_used_at")
  private @Nullable Instant lastUsedAt;

  @Column(name = "revoked_at")
  private @Nullable Instant revokedAt;

  @NullUnmarked
  protected ApiKey() {}

  ApiKey(String id, MerchantId merchant, KeyOrder order, Secret secret, Instant createdAt) {
    this.id = id;
    this.merchantId = merchant.value();
    this.type = order.type();
    this.name = order.name();
    this.hash = secret.hash();
    this.hint = secret.hint();
    this.scopes = Scope.join(order.scopes());
    this.metadata = Map.copyOf(order.metadata());
    var limits = order.limits();
    this.expiresAt = limits.expiresAt().orElse(null);
    this.allowedIps = String.join(" ", limits.allowedIps());
    this.dailySpend = limits.dailySpend().map(Amount::units).orElse(null);
    this.requestsPerSecond = limits.requestsPerSecond().orElse(null);
    this.createdAt = createdAt;
  }

  String id() {
    return id;
  }

  MerchantId merchantId() {
    return new MerchantId(merchantId);
  }

  KeyType type() {
    return type;
  }

  String name() {
    return name;
  }

  String hint() {
    return hint;
  }

  /// A secret key has all there are, also those that came after it.
  Set<Scope> scopes() {
    return type == KeyType.SECRET ? EnumSet.allOf(Scope.class) : Scope.split(scopes);
  }

  Map<String, String> metadata() {
    return metadata;
  }

  KeyLimits limits() {
    return new KeyLimits(
        Optional.ofNullable(expiresAt),
        allowedIps.isEmpty() ? List.of() : List.of(allowedIps.split(" ", -1)),
        Optional.ofNullable(dailySpend).map(Amount::new),
        Optional.ofNullable(requestsPerSecond));
  }

  Instant createdAt() {
    return createdAt;
  }

  Optional<Instant> lastUsedAt() {
    return Optional.ofNullable(lastUsedAt);
  }

  Optional<Instant> previousUntil() {
    return Optional.ofNullable(previousUntil);
  }

  /// When that secret of this key ends; empty for the newest one, which ends with the key.
  Optional<Instant> endOf(byte[] secretHash) {
    return Arrays.equals(hash, secretHash) ? Optional.empty() : previousUntil();
  }

  void usedAt(Instant now) {
    lastUsedAt = now;
  }

  /// Two secrets at most: the one before the last ends at once.
  void rotate(Secret next, Instant end) {
    previousHash = hash;
    previousUntil = end;
    hash = next.hash();
    hint = next.hint();
  }

  void revokedAt(Instant now) {
    if (revokedAt == null) revokedAt = now;
  }
}
