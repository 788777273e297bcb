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
/// @param held charged for payments that a merchant has yet to capture
/// @param credit charged and given back to the payer, whose next payments use it up
/// @param returned charged and given back on chain, or on its way there; never used up
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
    Optional<EarlyCredit> early,
    Amount held,
    Amount credit,
    Amount returned) {
  private static final Amount ONE = Amount.of(1);

  public Account {
    if (held.plus(credit).plus(returned).exceeds(charged)) {
      throw new IllegalArgumentException("more is held and given back than was charged");
    }
  }

  /// One of which nothing is held and nothing given back.
  public Account(
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
    this(
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
        early,
        Amount.ZERO,
        Amount.ZERO,
        Amount.ZERO);
  }

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

  /// The balance, and what is taken for it before it is final.
  public Amount covered() {
    return early.map(grant -> balance.plus(grant.amount())).orElse(balance);
  }

  /// What payments may use in all. What was returned stays charged and is owed no more, so as much
  /// again may be charged.
  public Amount backing() {
    return covered().plus(returned);
  }

  /// What the payer may still sign for: nothing is spendable twice.
  public Amount spendable() {
    return backing().minusOrZero(charged).minusOrZero(reservedRefund);
  }

  /// What may be sent back of what is unspent: only what is certainly there and not claimed.
  public Amount refundable() {
    return balance.minusOrZero(claimed.max(charged.minus(returned))).minusOrZero(reservedRefund);
  }

  /// What merchants may give back on chain: it is due, and there is as much in the channel that
  /// was not claimed. A refund that is under way claims all that is due.
  public Amount returnable() {
    if (due().plus(reservedRefund).exceeds(balance)) return Amount.ZERO;
    var taken = reservedRefund.isZero() ? claimed : claimTarget();
    return balance.minusOrZero(taken).minusOrZero(reservedRefund).min(due());
  }

  /// What the hub would lose if nothing but the final balance were there. Credit is no loss: who
  /// withdrew it has it.
  public Amount exposure() {
    return early.map(EarlyCredit::amount).orElse(Amount.ZERO).max(due().minusOrZero(balance));
  }

  /// No money is known here and the hub never took a voucher or promised a refund: what the chain
  /// has recorded of such a channel was done by a hub that this one does not remember.
  public boolean isUntouched() {
    return balance.isZero() && sequence == 0 && lastRefundAt.equals(Instant.EPOCH);
  }

  /// What is charged for good: neither held nor given back.
  public Amount due() {
    return charged.minus(held).minus(credit).minus(returned);
  }

  /// What the hub must bring home: the total that settlement and watchtower claim.
  public Amount claimTarget() {
    return claimed.max(due());
  }

  /// What of a price the payer's credit pays. At least one unit is charged anew, so that ceilings
  /// advance and no two payments of one price have the same voucher.
  public Amount fromCredit(Amount price) {
    return credit.min(price.minusOrZero(ONE));
  }

  /// By how much the chain holds less than the payer owes, what was returned to it set aside.
  public Amount shortfall() {
    return charged.minusOrZero(balance.plus(returned));
  }

  Account charge(SignedVoucher voucher, Amount amount, Instant at) {
    return new Account(
        balance,
        claimed,
        charged.plus(amount.minus(fromCredit(amount))),
        reservedRefund,
        refundNonce,
        sequence + 1,
        Optional.of(voucher),
        publishedCeiling,
        Optional.empty(),
        seenBlock,
        at,
        lastRefundAt,
        early,
        held,
        credit.minus(fromCredit(amount)),
        returned);
  }

  /// The same of a hold, whose amount the merchant may capture later.
  Account hold(SignedVoucher voucher, Amount amount, Instant at) {
    return charge(voucher, amount, at).owe(sequence + 1, held.plus(amount), Amount.ZERO);
  }

  /// Ends a hold: what is not captured is given back.
  Account endHold(Amount hold, Amount captured) {
    return owe(sequence + 1, held.minus(hold), hold.minus(captured));
  }

  /// Gives back what was charged for good before.
  Account giveBack(Amount amount) {
    if (amount.exceeds(due())) throw new IllegalStateException("more is given back than is due");
    return owe(sequence + 1, held, amount);
  }

  /// Begins to give back on chain: as much is due no more and is set aside until it has left, so
  /// what may be charged stays what it was.
  Account beginReturn(Amount amount) {
    if (amount.exceeds(due())) throw new IllegalStateException("more is given back than is due");
    return giveBackOnChain(returned.plus(amount), reservedRefund.plus(amount));
  }

  /// It did not leave: it is due again.
  Account undoReturn(Amount amount) {
    return giveBackOnChain(returned.minus(amount), reservedRefund.minusOrZero(amount));
  }

  private Account giveBackOnChain(Amount nextReturned, Amount nextReserved) {
    return new Account(
        balance,
        claimed,
        charged,
        nextReserved,
        refundNonce,
        sequence + 1,
        newest,
        publishedCeiling,
        reservation,
        seenBlock,
        lastPaidAt,
        lastRefundAt,
        early,
        held,
        credit,
        nextReturned);
  }

  private Account owe(long nextSequence, Amount nextHeld, Amount back) {
    return new Account(
        balance,
        claimed,
        charged,
        reservedRefund,
        refundNonce,
        nextSequence,
        newest,
        publishedCeiling,
        reservation,
        seenBlock,
        lastPaidAt,
        lastRefundAt,
        early,
        nextHeld,
        credit.plus(back),
        returned);
  }

  Account credit(EarlyCredit grant) {
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
        Optional.of(grant),
        held,
        credit,
        returned);
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
        early,
        held,
        credit,
        returned);
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
        early,
        held,
        credit,
        returned);
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
        early,
        held,
        credit,
        returned);
  }

  /// Takes over what a final block says. Facts are always recorded: more claimed than charged
  /// raises `charged` and is the payer's credit, less balance than charged is a shortfall.
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
            early.filter(grant -> grant.block() > state.block()),
            held,
            credit.plus(state.claimed().minusOrZero(charged)),
            returned);
    return new Observed(next, List.copyOf(effects));
  }

  /// The account after a fact of the chain, and what follows from the difference.
  record Observed(Account account, List<Effect> effects) {}
}
