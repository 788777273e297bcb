package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;
import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Deposit;
import millrace.protocol.x402.PaymentRequirements;

/// Where the money for the next voucher comes from.
@CheckReturnValue
sealed interface Funding {
  /// There is enough in the channel.
  record Enough() implements Funding {}

  /// An authorisation that went out before and is still good. It is the same deposit again.
  record Pending(Deposit deposit) implements Funding {}

  /// A new deposit.
  record Fresh(Amount amount) implements Funding {}

  record Objected(Objection objection, String detail) implements Funding {}

  /// An authorisation that ends sooner than this is not worth sending.
  long MIN_LIFE_SECONDS = 10;

  /// @param wished a deposit that was asked for although there may be enough
  static Funding of(
      PayerChannel channel,
      PaymentRequirements offer,
      Optional<Amount> wished,
      SpendLimits limits,
      long nowSeconds) {
    var ceiling = channel.ceilingFor(offer.amount());
    boolean enough = !ceiling.exceeds(channel.balance()) && wished.isEmpty();
    if (channel.deposit().isPresent()) {
      return pending(channel, channel.deposit().get(), ceiling, enough, nowSeconds);
    }
    if (enough) return new Enough();

    var needed = ceiling.minusOrZero(channel.balance());
    var least = offer.extra().minDeposit().orElse(Amount.of(1)).max(needed);
    // What may still be added, so that no more than the limit lies unspent.
    var room = limits.maxLocked().minusOrZero(channel.available());
    if (least.exceeds(room)) {
      return new Objected(
          Objection.DEPOSIT, "it needs %s, the limit leaves %s".formatted(least, room));
    }
    if (wished.isPresent()) {
      return wished.get().exceeds(room)
          ? new Objected(
              Objection.DEPOSIT, "%s are asked, the limit leaves %s".formatted(wished.get(), room))
          : new Fresh(wished.get().max(least));
    }
    return new Fresh(offer.suggestedDeposit().min(room).max(least));
  }

  private static Funding pending(
      PayerChannel channel, Deposit deposit, Amount ceiling, boolean enough, long nowSeconds) {
    var soon = BigInteger.valueOf(nowSeconds + MIN_LIFE_SECONDS);
    boolean alive = deposit.validBeforeSeconds().compareTo(soon) > 0;
    if (alive && !ceiling.exceeds(channel.balance().plus(deposit.amount()))) {
      return new Pending(deposit);
    }
    if (enough) return new Enough();
    return alive
        ? new Objected(Objection.DEPOSIT_UNDER_WAY, "of " + deposit.amount())
        : new Objected(Objection.DEPOSIT_IN_DOUBT, "of " + deposit.amount());
  }
}
