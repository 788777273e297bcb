package millrace.protocol.x402;

import java.util.Objects;
import java.util.Optional;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One offer of scheme `batch-settlement`: the price, and the terms of the channel it is paid from.
///
/// @param asWritten how its author wrote it, where somebody else did. A payer's echo repeats that:
///     servers compare letter by letter, and addresses may be in any case. No part of what an offer
///     is equal to
public record PaymentRequirements(
    Network network,
    Amount amount,
    Address asset,
    Address payTo,
    long maxTimeoutSeconds,
    Extra extra,
    Optional<JsonNode> asWritten) {
  public static final String SCHEME = "batch-settlement";

  private static final int DEFAULT_DEPOSIT_PRICES = 5;

  public PaymentRequirements {
    if (maxTimeoutSeconds <= 0) throw new IllegalArgumentException("maxTimeoutSeconds is positive");
  }

  /// An offer of our own.
  public PaymentRequirements(
      Network network,
      Amount amount,
      Address asset,
      Address payTo,
      long maxTimeoutSeconds,
      Extra extra) {
    this(network, amount, asset, payTo, maxTimeoutSeconds, extra, Optional.empty());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PaymentRequirements that
        && network.equals(that.network)
        && amount.equals(that.amount)
        && asset.equals(that.asset)
        && payTo.equals(that.payTo)
        && maxTimeoutSeconds == that.maxTimeoutSeconds
        && extra.equals(that.extra);
  }

  @Override
  public int hashCode() {
    return Objects.hash(network, amount, asset, payTo, maxTimeoutSeconds, extra);
  }

  /// Whether the client's echo is this offer. What the echo adds to `extra` (such as the state of a
  /// corrective answer) does not count; the case of hex does not either.
  public boolean matches(PaymentRequirements accepted) {
    return network.equals(accepted.network)
        && amount.equals(accepted.amount)
        && asset.equals(accepted.asset)
        && payTo.equals(accepted.payTo)
        && maxTimeoutSeconds == accepted.maxTimeoutSeconds
        && extra.isWithin(accepted.extra);
  }

  /// The same offer with what a client needs to resynchronise.
  public PaymentRequirements correctedBy(ChannelState state, Optional<VoucherState> voucher) {
    return new PaymentRequirements(
        network, amount, asset, payTo, maxTimeoutSeconds, extra.correctedBy(state, voucher));
  }

  /// What a client that follows the offer deposits.
  public Amount suggestedDeposit() {
    return extra.minDeposit().orElseGet(() -> amount.times(DEFAULT_DEPOSIT_PRICES)).max(amount);
  }

  public TokenDomain tokenDomain() {
    return new TokenDomain(extra.tokenName(), extra.tokenVersion(), network.chainId(), asset);
  }

  public static Parsed<PaymentRequirements> ofJson(String json) {
    return Json.parse(json, PaymentRequirements::read);
  }

  public String toJson() {
    return Json.write(write());
  }

  static boolean isOfScheme(Fields fields) {
    return fields.text("scheme").equals(SCHEME);
  }

  static PaymentRequirements read(Fields fields) {
    if (!isOfScheme(fields)) throw fields.wrong("scheme", "another scheme");
    long maxTimeoutSeconds = fields.count("maxTimeoutSeconds");
    if (maxTimeoutSeconds == 0) throw fields.wrong("maxTimeoutSeconds", "not positive");
    return new PaymentRequirements(
        fields.as("network", Network::of),
        fields.amount("amount"),
        fields.address("asset"),
        fields.address("payTo"),
        maxTimeoutSeconds,
        Extra.read(fields.object("extra")),
        Optional.of(fields.node()));
  }

  JsonNode write() {
    return asWritten.orElseGet(this::written);
  }

  private ObjectNode written() {
    var node =
        Json.object()
            .put("scheme", SCHEME)
            .put("network", network.toString())
            .put("amount", amount.toString())
            .put("asset", asset.toString())
            .put("payTo", payTo.toString())
            .put("maxTimeoutSeconds", maxTimeoutSeconds);
    node.set("extra", extra.write());
    return node;
  }
}
