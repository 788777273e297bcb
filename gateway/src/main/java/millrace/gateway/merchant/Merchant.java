package millrace.gateway.merchant;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import millrace.gateway.metadata.MetadataColumn;
import millrace.protocol.type.Address;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.NullUnmarked;

/// Somebody who is paid through this hub. The payout address never changes: promises to it are
/// cumulative.
@Entity
@Table(name = "merchant")
class Merchant {
  @Id private String id;
  private String name;

  @Column(name = "payout_address")
  private String payoutAddress;

  @Convert(converter = MetadataColumn.class)
  private Map<String, String> metadata;

  @Column(name = "created_at")
  private Instant createdAt;

  @NullUnmarked
  protected Merchant() {}

  Merchant(
      MerchantId id,
      String name,
      Address payoutAddress,
      Map<String, String> metadata,
      Instant createdAt) {
    this.id = id.value();
    this.name = name;
    this.payoutAddress = payoutAddress.toString();
    this.metadata = Map.copyOf(metadata);
    this.createdAt = createdAt;
  }

  MerchantId id() {
    return new MerchantId(id);
  }

  String name() {
    return name;
  }

  Address payoutAddress() {
    return Address.of(payoutAddress);
  }

  Map<String, String> metadata() {
    return metadata;
  }

  Instant createdAt() {
    return createdAt;
  }
}
