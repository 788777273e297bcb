package millrace.protocol.channel;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Effect.Claimed;
import millrace.protocol.channel.Effect.Deposited;
import millrace.protocol.channel.Effect.Overclaimed;
import millrace.protocol.channel.Effect.Withdrawn;
import millrace.protocol.type.Amount;

/// The numbers of a channel. `claimed <= charged <= ceiling <= balance` holds when a payment is
/// admitted; what the chain says afterwards is recorded even when it breaks that order.
///
/// @param balance on chain, final: deposits less refunds and withdrawals
/// @param claimed on chain, final, cumulative
/// @param charged what the payer owes in all; never falls
/// @param reservedRefund promised back to the payer and not yet gone from the balance
/// @param refundNonce of the contract, as last seen
/// @param sequence counts accepted payments; the newest voucher is the one with the highest
/// @param newest the voucher that covers `charged`; its ceiling may be below an older one's
/// @param publishedCeiling the highest ceiling whose signature stands in public claim calldata
/// @param reservation the payment being served just now
/// @param seenBlock the final block these chain figures are of; 0 before the first
/// @param lastPaidAt when the last payment was admitted
/// @param lastRefundAt when the last refund was admitted
/// @param early a deposit that is used before it is final
public record Account(
    Amount balance,
    Amount claimed,
    Amount charged,
    Amount reservedRefund,
    BigInteger refundNonce,
    long sequence,
    Optional<SignedVoucher> newest,
    Amount publishedCeiling,
    Optional<Reservation> reservation,
    long seenBlock,
    Instant lastPaidAt,
    Instant lastRefundAt,
    Optional<EarlyCredit> early) {
  public static final Account EMPTY =
      new Account(
          Amount.ZERO,
          Amount.ZERO,
          Amount.ZERO,
          Amount.ZERO,
          BigInteger.ZERO,
          0,
          Optional.empty(),
          Amount.ZERO,
          Optional.empty(),
          0,
          Instant.EPOCH,
          Instant.EPOCH,
          Optional.empty());

  /// What payments may use in all: the balance, and what is taken for it before it is final.
  public Amount covered() {
    return early.map(credit -> balance.plus(credit.amount())).orElse(balance);
  }

  /// What the payer may still sign for: nothing is spendable twice.
  public Amount spendable() {
    return covered().minusOrZero(charged).minusOrZero(reservedRefund);
  }

  /// What may be given back: only what is certainly there.
  public Amount refundable() {
    return balance.minusOrZero(charged).minusOrZero(reservedRefund);
  }

  /// What the hub would lose if nothing but the final balance were there.
  public Amount exposure() {
    return early.map(EarlyCredit::amount).orElse(Amount.ZERO).max(shortfall());
  }

  /// No money is known here and the hub never took a voucher or promised a refund: what the chain
  /// has recorded of such a channel was done by a hub that this one does not remember.
  public boolean isUntouched() {
    return balance.isZero() && sequence == 0 && lastRefundAt.equals(Instant.EPOCH);
  }

  /// What the hub must bring home: the total that settlement and watchtower claim.
  public Amount claimTarget() {
    return claimed.max(charged);
  }

  /// By how much the chain holds less than the payer owes.
  public Amount shortfall() {
    return charged.minusOrZero(balance);
  }

  Account charge(SignedVoucher voucher, Amount amount, Instant at) {
    return new Account(
        balance,
        claimed,
        charged.plus(amount),
        reservedRefund,
        refundNonce,
        sequence + 1,
        Optional.of(voucher),
        publishedCeiling,
        Optional.empty(),
        seenBlock,
        at,
        lastRefundAt,
        early);
  }

  Account credit(EarlyCredit credit) {
    return new Account(
        balance,
        claimed,
        charged,
        reservedRefund,
        refundNonce,
        sequence,
        newest,
        publishedCeiling,
        reservation,
        seenBlock,
        lastPaidAt,
        lastRefundAt,
        Optional.of(credit));
  }

  Account reserve(Optional<Reservation> next) {
    return new Account(
        balance,
        claimed,
        charged,
        reservedRefund,
        refundNonce,
        sequence,
        newest,
        publishedCeiling,
        next,
        seenBlock,
        lastPaidAt,
        lastRefundAt,
        early);
  }

  Account reserveRefund(Amount reserved, Instant at) {
    return new Account(
        balance,
        claimed,
        charged,
        reserved,
        refundNonce,
        sequence,
        newest,
        publishedCeiling,
        reservation,
        seenBlock,
        lastPaidAt,
        at,
        early);
  }

  Account publish(Amount ceiling) {
    return new Account(
        balance,
        claimed,
        charged,
        reservedRefund,
        refundNonce,
        sequence,
        newest,
        publishedCeiling.max(ceiling),
        reservation,
        seenBlock,
        lastPaidAt,
        lastRefundAt,
        early);
  }

  /// Takes over what a final block says. Facts are always recorded: more claimed than charged
  /// raises `charged`, less balance than charged is a shortfall.
  Observed observe(ChainState state) {
    if (state.block() < seenBlock) return new Observed(this, List.of());
    var effects = new ArrayList<Effect>();
    if (state.balance().exceeds(balance)) {
      effects.add(new Deposited(state.balance().minus(balance)));
    } else if (balance.exceeds(state.balance())) {
      effects.add(new Withdrawn(balance.minus(state.balance())));
    }
    if (state.claimed().exceeds(claimed)) {
      effects.add(new Claimed(state.claimed().minus(claimed)));
    }
    if (state.claimed().exceeds(charged)) {
      effects.add(new Overclaimed(state.claimed().minus(charged)));
    }
    var next =
        new Account(
            state.balance(),
            claimed.max(state.claimed()),
            charged.max(state.claimed()),
            reservedRefund,
            refundNonce.max(state.refundNonce()),
            sequence,
            newest,
            publishedCeiling,
            reservation,
            state.block(),
            lastPaidAt,
            lastRefundAt,
            early.filter(credit -> credit.block() > state.block()));
    return new Observed(next, List.copyOf(effects));
  }

  /// The account after a fact of the chain, and what follows from the difference.
  record Observed(Account account, List<Effect> effects) {}
}
