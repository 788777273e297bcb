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
import millrace.gateway.metadata.Metadata;
import millrace.gateway.webhook.Target.Keys;
import millrace.protocol.type.MerchantId;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// Where a merchant wants to be told, and of what. Only what changed is written, since senders
/// note on the same row how the endpoint does.
@Entity
@DynamicUpdate
@Table(name = "webhook_endpoint")
class WebhookEndpoint {
  @Id private String id;

  @Column(name = "merchant_id")
  private String merchantId;

  private String url;
  private String events;
  private String description = "";
  private String metadata = Metadata.NONE.json();
  private String signatures;
  private String secret;

  @Column(name = "private_key")
  private @Nullable String privateKey;

  @Column(name = "previous_secret")
  private @Nullable String previousSecret;

  @Column(name = "previous_private_key")
  private @Nullable String previousPrivateKey;

  @Column(name = "previous_until")
  private @Nullable Instant previousUntil;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "disabled_at")
  private @Nullable Instant disabledAt;

  @Column(name = "disabled_reason")
  private @Nullable String disabledReason;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  @Column(name = "failing_since")
  private @Nullable Instant failingSince;

  @Column(name = "failing_told")
  private boolean failingTold;

  @Column(name = "last_error", insertable = false, updatable = false)
  private @Nullable String lastError;

  @Column(name = "probe_at")
  private @Nullable Instant probeAt;

  /// How an endpoint does.
  enum Status {
    HEALTHY,
    /// Nothing was taken for a while.
    FAILING,
    /// Nothing is sent.
    DISABLED
  }

  @NullUnmarked
  protected WebhookEndpoint() {}

  WebhookEndpoint(
      String id,
      MerchantId merchant,
      String url,
      Set<EventType> events,
      Set<SignatureScheme> signatures,
      Keys keys,
      Instant createdAt) {
    this.id = id;
    this.merchantId = merchant.value();
    this.url = url;
    this.events = join(events);
    this.signatures = SignatureScheme.join(signatures);
    this.secret = keys.secret() == null ? "" : keys.secret();
    this.privateKey = keys.privateKey();
    this.createdAt = createdAt;
  }

  private static String join(Set<EventType> events) {
    return events.stream().map(EventType::wire).sorted().collect(Collectors.joining(" "));
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

  Status status() {
    if (disabledAt != null) return Status.DISABLED;
    return failingSince != null ? Status.FAILING : Status.HEALTHY;
  }

  String url() {
    return url;
  }

  void moveTo(String newUrl) {
    url = newUrl;
  }

  Set<EventType> events() {
    return split(events);
  }

  void listenTo(Set<EventType> types) {
    events = join(types);
  }

  String description() {
    return description;
  }

  void describe(String text) {
    description = text;
  }

  Metadata metadata() {
    return Metadata.ofJson(metadata);
  }

  void note(Metadata notes) {
    metadata = notes.json();
  }

  Set<SignatureScheme> signatures() {
    return SignatureScheme.split(signatures);
  }

  void signWith(Set<SignatureScheme> schemes) {
    signatures = SignatureScheme.join(schemes);
  }

  Keys keys() {
    return new Keys(secret, privateKey);
  }

  Target target() {
    return new Target(
        id,
        url,
        signatures(),
        keys(),
        new Target.Previous(
            new Keys(previousSecret, previousPrivateKey), Optional.ofNullable(previousUntil)));
  }

  /// From now on with the new keys, and until `overlap` with the present ones as well. What was
  /// replaced before signs no more.
  void rotate(Keys next, Instant overlap) {
    previousSecret = secret;
    previousPrivateKey = privateKey;
    previousUntil = overlap;
    secret = next.secret() == null ? "" : next.secret();
    privateKey = next.privateKey();
  }

  /// Endpoints from before there was a choice have no key pair.
  void complete(String key) {
    if (privateKey == null) privateKey = key;
  }

  Optional<Instant> previousUntil() {
    return Optional.ofNullable(previousUntil);
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

  Optional<Instant> failingSince() {
    return Optional.ofNullable(failingSince);
  }

  Optional<String> lastError() {
    return Optional.ofNullable(lastError);
  }

  Optional<Instant> probeAt() {
    return Optional.ofNullable(probeAt);
  }

  void disable(Instant now, String reason) {
    if (disabledAt != null) return;
    disabledAt = now;
    disabledReason = reason;
  }

  void enable() {
    disabledAt = null;
    disabledReason = null;
    failingSince = null;
    failingTold = false;
    probeAt = null;
  }

  void delete(Instant now) {
    if (deletedAt == null) deletedAt = now;
  }
}
