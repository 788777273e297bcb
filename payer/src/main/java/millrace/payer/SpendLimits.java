package millrace.payer;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PaymentRequirements;

/// What a payer agrees to, whatever a server asks. Nothing beyond it is ever signed.
///
/// @param maxPayment for one request, in base units
/// @param maxLocked that may lie unspent in one channel
/// @param networks empty for any
/// @param assets empty for any
/// @param hubs addresses that may be paid (`payTo`); empty for any
/// @param maxWithdrawDelay the longest wait for one's own money after a withdrawal without the hub
/// @param maxTimeout the longest life of a deposit authorisation
public record SpendLimits(
    Amount maxPayment,
    Amount maxLocked,
    Set<Network> networks,
    Set<Address> assets,
    Set<Address> hubs,
    Duration maxWithdrawDelay,
    Duration maxTimeout) {
  private static final Duration WITHDRAW_DELAY = Duration.ofDays(7);
  private static final Duration TIMEOUT = Duration.ofHours(1);

  public SpendLimits {
    networks = Set.copyOf(networks);
    assets = Set.copyOf(assets);
    hubs = Set.copyOf(hubs);
  }

  public static SpendLimits of(Amount maxPayment, Amount maxLocked) {
    return new SpendLimits(
        maxPayment, maxLocked, Set.of(), Set.of(), Set.of(), WITHDRAW_DELAY, TIMEOUT);
  }

  public SpendLimits onlyOn(Set<Network> allowed) {
    return new SpendLimits(
        maxPayment, maxLocked, allowed, assets, hubs, maxWithdrawDelay, maxTimeout);
  }

  public SpendLimits onlyIn(Set<Address> allowed) {
    return new SpendLimits(
        maxPayment, maxLocked, networks, allowed, hubs, maxWithdrawDelay, maxTimeout);
  }

  public SpendLimits onlyTo(Set<Address> allowed) {
    return new SpendLimits(
        maxPayment, maxLocked, networks, assets, allowed, maxWithdrawDelay, maxTimeout);
  }

  /// The first limit that the offer breaks.
  Optional<Objection> objection(PaymentRequirements offer) {
    var extra = offer.extra();
    if (offer.amount().exceeds(maxPayment)) return Optional.of(Objection.PRICE);
    if (!allows(networks, offer.network())) return Optional.of(Objection.NETWORK);
    if (!allows(assets, offer.asset())) return Optional.of(Objection.ASSET);
    if (!allows(hubs, offer.payTo())) return Optional.of(Objection.HUB);
    if (extra.receiverAuthorizer().isZero()) return Optional.of(Objection.NO_AUTHORIZER);
    if (extra.withdrawDelaySeconds() > maxWithdrawDelay.toSeconds()) {
      return Optional.of(Objection.WITHDRAW_DELAY);
    }
    if (offer.maxTimeoutSeconds() > maxTimeout.toSeconds()) {
      return Optional.of(Objection.AUTHORIZATION_TOO_LONG);
    }
    return Optional.empty();
  }

  private static <T> boolean allows(Set<T> allowed, T asked) {
    return allowed.isEmpty() || allowed.contains(asked);
  }
}
