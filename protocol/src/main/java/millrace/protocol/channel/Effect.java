package millrace.protocol.channel;

import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;

/// What an accepted input asks the shell to do, in the transaction that stores the next state.
public sealed interface Effect {
  /// Post the payment to the ledger and publish it. `charged` is the new total and `voucher`
  /// covers it.
  ///
  /// @param amount of the payment
  /// @param fromCredit the part of it that the payer's credit paid; the rest is charged anew
  record Charged(
      PaymentId payment,
      Amount amount,
      Amount fromCredit,
      Amount charged,
      long sequence,
      SignedVoucher voucher)
      implements Effect {}

  /// Post the payment as held, and publish the voucher that covers it. The fields are those of
  /// [Charged].
  record Held(
      PaymentId payment,
      Amount amount,
      Amount fromCredit,
      Amount charged,
      long sequence,
      SignedVoucher voucher)
      implements Effect {}

  /// Post that the hold ended: `captured` is the merchant's, `returned` the payer's credit.
  record HoldEnded(PaymentId payment, Amount captured, Amount returned, long sequence)
      implements Effect {}

  /// Post that the payer has so much credit more.
  record GivenBack(Amount amount, long sequence) implements Effect {}

  /// Post that so much is due no more, and have it carried out like [RefundReserved].
  record ReturnBegun(SignedVoucher voucher, Amount totalClaimed, Amount amount, long sequence)
      implements Effect {}

  /// Post that so much is due again.
  record ReturnUndone(Amount amount, long sequence) implements Effect {}

  /// Note that the payment's service may begin.
  record Reserved(Reservation reservation) implements Effect {}

  /// Note that the payment ended without a charge.
  record Released(PaymentId payment) implements Effect {}

  /// Have the deposit authorisation relayed.
  record RelayDeposit(Amount amount) implements Effect {}

  /// Have the refund carried out: claim `totalClaimed` with `voucher`, then send `amount` back.
  record RefundReserved(SignedVoucher voucher, Amount totalClaimed, Amount amount)
      implements Effect {}

  /// Tell everyone that the payer is leaving.
  record Frozen(PendingWithdrawal withdrawal) implements Effect {}

  /// Tell everyone that the withdrawal has gone. Payments are taken again if money is left.
  record Thawed() implements Effect {}

  /// Post: the balance on chain grew.
  record Deposited(Amount amount) implements Effect {}

  /// Post: the balance on chain fell, by a refund or a withdrawal.
  record Withdrawn(Amount amount) implements Effect {}

  /// Post: the contract recorded a claim.
  record Claimed(Amount amount) implements Effect {}

  /// Post: more was claimed than charged; the difference is the payer's credit.
  record Overclaimed(Amount amount) implements Effect {}
}
