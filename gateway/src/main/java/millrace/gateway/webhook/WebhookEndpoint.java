package millrace.gateway.webhook;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// Where a merchant wants to be told, and of what.
@Entity
@Table(name = "webhook_endpoint")
class WebhookEndpoint {
  @Id private String id;

  @Column(name = "merchant_id")
  private String merchantId;

  private String url;
  private String events;
  private String secret;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "disabled_at")
  private @Nullable Instant disabledAt;

  @Column(name = "disabled_reason")
  private @Nullable String disabledReason;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  @NullUnmarked
  protected WebhookEndpoint() {}

  WebhookEndpoint(
      String id,
      MerchantId merchant,
      String url,
      Set<EventType> events,
      String secret,
      Instant createdAt) {
    this.id = id;
    this.merchantId = merchant.value();
    this.url = url;
    this.events = events.stream().map(EventType::wire).sorted().collect(Collectors.joining(" "));
    this.secret = secret;
    this.createdAt = createdAt;
  }

  static Set<EventType> split(String events) {
    return Arrays.stream(events.split(" ", -1))
        .map(EventType::ofWire)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventType.class)));
  }

  String id() {
    return id;
  }

  MerchantId merchant() {
    return new MerchantId(merchantId);
  }

  String url() {
    return url;
  }

  Set<EventType> events() {
    return split(events);
  }

  String secret() {
    return secret;
  }

  Instant createdAt() {
    return createdAt;
  }

  Optional<Instant> disabledAt() {
    return Optional.ofNullable(disabledAt);
  }

  Optional<String> disabledReason() {
    return Optional.ofNullable(disabledReason);
  }

  void disable(Instant now, String reason) {
    if (disabledAt != null) return;
    disabledAt = now;
    disabledReason = reason;
  }

  void delete(Instant now) {
    if (deletedAt == null) deletedAt = now;
  }
}
