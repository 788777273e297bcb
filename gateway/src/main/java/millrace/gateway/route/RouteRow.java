package millrace.gateway.route;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A [Route] as it is stored. A deleted one stays: payments name it.
@Entity
@Table(name = "route")
class RouteRow {
  @Id private String id;

  @Column(name = "merchant_id")
  private String merchantId;

  @Column(name = "upstream_url")
  private String upstreamUrl;

  private BigInteger price;
  private String methods;
  private String description;

  @Column(name = "mime_type")
  private String mimeType;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  @NullUnmarked
  protected RouteRow() {}

  RouteRow(Route route) {
    this.id = route.id().value();
    this.merchantId = route.merchant().value();
    this.upstreamUrl = route.upstream().toString();
    this.price = route.price().units();
    this.methods = String.join(" ", new TreeSet<>(route.methods()));
    this.description = route.description();
    this.mimeType = route.mimeType();
    this.createdAt = route.createdAt();
  }

  Route route() {
    return new Route(
        new RouteId(id),
        new MerchantId(merchantId),
        URI.create(upstreamUrl),
        new Amount(price),
        methods.isEmpty() ? Set.of() : Set.of(methods.split(" ", -1)),
        description,
        mimeType,
        createdAt);
  }

  void deletedAt(Instant now) {
    if (deletedAt == null) deletedAt = now;
  }
}
