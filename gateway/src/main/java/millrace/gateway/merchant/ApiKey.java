package millrace.gateway.merchant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// The right to act for a merchant. The secret itself is nowhere but with its holder.
@Entity
@Table(name = "api_key")
class ApiKey {
  @Id private String id;

  @Column(name = "merchant_id")
  private String merchantId;

  private String name;

  /// Read by queries only.
  @SuppressWarnings("UnusedVariable")
  private byte[] hash;

  private String hint;
  private String scopes;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "last_used_at")
  private @Nullable Instant lastUsedAt;

  @Column(name = "revoked_at")
  private @Nullable Instant revokedAt;

  @NullUnmarked
  protected ApiKey() {}

  ApiKey(
      String id,
      MerchantId merchant,
      String name,
      Secret secret,
      Set<Scope> scopes,
      Instant createdAt) {
    this.id = id;
    this.merchantId = merchant.value();
    this.name = name;
    this.hash = secret.hash();
    this.hint = secret.hint();
    this.scopes = Scope.join(scopes);
    this.createdAt = createdAt;
  }

  String id() {
    return id;
  }

  MerchantId merchantId() {
    return new MerchantId(merchantId);
  }

  String name() {
    return name;
  }

  String hint() {
    return hint;
  }

  Set<Scope> scopes() {
    return Scope.split(scopes);
  }

  Instant createdAt() {
    return createdAt;
  }

  Optional<Instant> lastUsedAt() {
    return Optional.ofNullable(lastUsedAt);
  }

  void usedAt(Instant now) {
    lastUsedAt = now;
  }

  void revokedAt(Instant now) {
    if (revokedAt == null) revokedAt = now;
  }
}
