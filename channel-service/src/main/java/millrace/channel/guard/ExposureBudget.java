package millrace.channel.guard;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Refusal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// How much more one batch may charge before the tower holds the vouchers for it. A rule without
/// I/O: what it counts was read before.
///
/// Every channel may use a small share of its payer's limit without anybody looking at the payer's
/// other channels; a tower that keeps up never lets one grow beyond it. Above the share all of the
/// payer's channels are counted.
public final class ExposureBudget {
  static final int SHARES = 16;

  private final Optional<Limits> limits;
  private final Map<Address, Map<ChannelId, Amount>> counted = new HashMap<>();
  private final Map<ChannelId, Amount> exposable = new HashMap<>();
  private Amount ofAll;

  /// @param limits empty where there is no tower
  /// @param counted what is exposed of the channels of the payers who need a closer look
  /// @param ofAll what is exposed of all channels, as far as known
  ExposureBudget(
      Optional<Limits> limits, Map<Address, Map<ChannelId, Amount>> counted, Amount ofAll) {
    this.limits = limits;
    counted.forEach((payer, channels) -> this.counted.put(payer, new HashMap<>(channels)));
    this.ofAll = ofAll;
  }

  public static ExposureBudget unlimited() {
    return new ExposureBudget(Optional.empty(), Map.of(), Amount.ZERO);
  }

  record Limits(Amount perPayer, Amount total) {
    /// More than this is not charged at once even if nothing else is exposed.
    Amount most() {
      return perPayer.exceeds(total) ? total : perPayer;
    }

    Amount share() {
      return new Amount(perPayer.units().divide(BigInteger.valueOf(SHARES)));
    }
  }

  /// What the channel's rules have decided, unless too much would be exposed by it.
  ///
  /// @param price of the payment, by which `asking` is above what is charged
  public Decision judge(Decision decision, Asking asking, Amount price) {
    if (limits.isEmpty() || !(decision instanceof Accepted)) return decision;
    if (price.exceeds(limits.get().most())) return new Refused(Refusal.PRICE_ABOVE_LIMIT);
    var allowed = allowed(limits.get(), asking);
    if (asking.exposed().exceeds(allowed) || ofAll.plus(price).exceeds(limits.get().total())) {
      return new Refused(Refusal.TOWER_BEHIND);
    }
    ofAll = ofAll.plus(price);
    var channels = counted.get(asking.payer());
    if (channels != null) channels.put(asking.channel(), asking.exposed());
    exposable.put(asking.channel(), allowed);
    return decision;
  }

  private Amount allowed(Limits limits, Asking asking) {
    var channels = counted.get(asking.payer());
    if (channels == null) return limits.share();
    var others =
        channels.entrySet().stream()
            .filter(one -> !one.getKey().equals(asking.channel()))
            .map(Map.Entry::getValue)
            .reduce(Amount.ZERO, Amount::plus);
    return limits.perPayer().minusOrZero(others);
  }

  /// How much of the channel may be exposed, as it was judged last; empty where nobody asked.
  public Optional<Amount> exposable(ChannelId channel) {
    return Optional.ofNullable(exposable.get(channel));
  }
}
