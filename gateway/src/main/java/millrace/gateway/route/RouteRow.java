package millrace.gateway.route;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import millrace.gateway.metadata.Metadata;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A [Route] as it is stored. A deleted one stays: payments name it. Only what changed is written,
/// so that no change undoes a removal that came between.
@Entity
@DynamicUpdate
@Table(name = "route")
class RouteRow {
  @Id private String id;

  @Column(name = "merchant_id")
  private String merchantId;

  @Column(name = "upstream_url")
  private String upstreamUrl;

  private BigInteger price;

  @Column(name = "unit_price")
  private @Nullable BigInteger unitPrice;

  private String methods;
  private String description;

  @Column(name = "mime_type")
  private String mimeType;

  @Column(name = "requests_per_second")
  private @Nullable Integer requestsPerSecond;

  private @Nullable Integer concurrency;

  @Column(name = "timeout_seconds")
  private @Nullable Integer timeoutSeconds;

  private String metadata;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  @NullUnmarked
  protected RouteRow() {}

  RouteRow(Route route) {
    this.id = route.id().value();
    this.merchantId = route.merchant().value();
    this.createdAt = route.createdAt();
    become(route);
  }

  /// All but what it is from its beginning.
  final void become(Route route) {
    this.upstreamUrl = route.upstream().toString();
    this.price = route.price().most().units();
    this.unitPrice = route.price().perUnit().map(Amount::units).orElse(null);
    this.methods = String.join(" ", new TreeSet<>(route.methods()));
    this.description = route.description();
    this.mimeType = route.mimeType();
    this.requestsPerSecond = route.limits().requestsPerSecond().orElse(null);
    this.concurrency = route.limits().concurrency().orElse(null);
    this.timeoutSeconds = route.limits().timeoutSeconds().orElse(null);
    this.metadata = route.metadata().json();
    this.updatedAt = route.updatedAt();
  }

  Route route() {
    return new Route(
        new RouteId(id),
        new MerchantId(merchantId),
        URI.create(upstreamUrl),
        new Price(new Amount(price), Optional.ofNullable(unitPrice).map(Amount::new)),
        methods.isEmpty() ? Set.of() : Set.of(methods.split(" ", -1)),
        description,
        mimeType,
        new RouteLimits(
            Optional.ofNullable(requestsPerSecond),
            Optional.ofNullable(concurrency),
            Optional.ofNullable(timeoutSeconds)),
        Metadata.ofJson(metadata),
        createdAt,
        updatedAt);
  }

  void deletedAt(Instant now) {
    if (deletedAt == null) deletedAt = now;
  }
}
