package millrace.channel.ledger;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;

/// An amount from one account to another. Both sides stand in one row, so what is debited is
/// credited. Never changed; a mistake is corrected by a transfer back.
///
/// @param channel whose payer account (or credit, or holds) is meant, if one is
/// @param merchant whose account is meant, if one is
/// @param reference what caused it, for people
public record Transfer(
    AccountKind debit,
    AccountKind credit,
    Optional<ChannelId> channel,
    Optional<MerchantId> merchant,
    Amount amount,
    String reference,
    Instant at) {

  /// A payment, whose price is paid by what is charged anew and by the payer's credit. The fee is
  /// the merchant's to pay, out of it.
  public static List<Transfer> charged(
      Parties of, Amount amount, Amount fromCredit, Amount fee, Instant at) {
    return of.all(
        of.part(AccountKind.PAYER, AccountKind.MERCHANT, amount.minus(fromCredit), at),
        of.part(AccountKind.CREDIT, AccountKind.MERCHANT, fromCredit, at),
        of.part(AccountKind.MERCHANT, AccountKind.FEES, fee, at));
  }

  /// The same of a hold.
  public static List<Transfer> held(Parties of, Amount amount, Amount fromCredit, Instant at) {
    return of.all(
        of.part(AccountKind.PAYER, AccountKind.HELD, amount.minus(fromCredit), at),
        of.part(AccountKind.CREDIT, AccountKind.HELD, fromCredit, at));
  }

  public static List<Transfer> holdEnded(
      Parties of, Amount captured, Amount returned, Amount fee, Instant at) {
    return of.all(
        of.part(AccountKind.HELD, AccountKind.MERCHANT, captured, at),
        of.part(AccountKind.HELD, AccountKind.CREDIT, returned, at),
        of.part(AccountKind.MERCHANT, AccountKind.FEES, fee, at));
  }

  public static List<Transfer> giveBackRequested(Parties of, Amount amount, Instant at) {
    return of.all(of.part(AccountKind.MERCHANT, AccountKind.REFUND, amount, at));
  }

  public static List<Transfer> givenBack(Parties of, Amount amount, Instant at) {
    return of.all(of.part(AccountKind.REFUND, AccountKind.CREDIT, amount, at));
  }

  /// What is given back on chain is the payer's as soon as it is set aside: it leaves the payer's
  /// account when it leaves the channel.
  public static List<Transfer> returnBegun(Parties of, Amount amount, Instant at) {
    return of.all(of.part(AccountKind.REFUND, AccountKind.PAYER, amount, at));
  }

  public static List<Transfer> returnUndone(Parties of, Amount amount, Instant at) {
    return of.all(of.part(AccountKind.PAYER, AccountKind.MERCHANT, amount, at));
  }

  public static List<Transfer> giveBackFailed(Parties of, Amount amount, Instant at) {
    return of.all(of.part(AccountKind.REFUND, AccountKind.MERCHANT, amount, at));
  }

  /// Between whom a payment moves money.
  ///
  /// @param reference of the payment
  public record Parties(ChannelId channel, MerchantId merchant, String reference) {
    public Parties(ChannelId channel, MerchantId merchant, PaymentId payment) {
      this(channel, merchant, payment.value());
    }

    private Transfer part(AccountKind debit, AccountKind credit, Amount amount, Instant at) {
      return new Transfer(
          debit, credit, Optional.of(channel), Optional.of(merchant), amount, reference, at);
    }

    private List<Transfer> all(Transfer... parts) {
      return Stream.of(parts).filter(part -> !part.amount().isZero()).toList();
    }
  }

  public static Transfer deposited(ChannelId channel, Amount amount, long block, Instant at) {
    return ofChannel(AccountKind.ESCROW, AccountKind.PAYER, channel, amount, block, at);
  }

  public static Transfer withdrawn(ChannelId channel, Amount amount, long block, Instant at) {
    return ofChannel(AccountKind.PAYER, AccountKind.ESCROW, channel, amount, block, at);
  }

  public static Transfer claimed(ChannelId channel, Amount amount, long block, Instant at) {
    return ofChannel(AccountKind.CLAIMED, AccountKind.ESCROW, channel, amount, block, at);
  }

  public static Transfer overclaimed(ChannelId channel, Amount amount, long block, Instant at) {
    return ofChannel(AccountKind.PAYER, AccountKind.CREDIT, channel, amount, block, at);
  }

  public static Transfer swept(Amount amount, Bytes32 transaction, int logIndex, Instant at) {
    return new Transfer(
        AccountKind.VAULT,
        AccountKind.CLAIMED,
        Optional.empty(),
        Optional.empty(),
        amount,
        transaction + "/" + logIndex,
        at);
  }

  public static Transfer payoutRequested(
      MerchantId merchant, Amount amount, PayoutId payout, Instant at) {
    return ofMerchant(AccountKind.MERCHANT, AccountKind.PAYOUT, merchant, amount, payout, at);
  }

  public static Transfer payoutConfirmed(
      MerchantId merchant, Amount amount, PayoutId payout, Instant at) {
    return ofMerchant(AccountKind.PAYOUT, AccountKind.VAULT, merchant, amount, payout, at);
  }

  public static Transfer payoutFailed(
      MerchantId merchant, Amount amount, PayoutId payout, Instant at) {
    return ofMerchant(AccountKind.PAYOUT, AccountKind.MERCHANT, merchant, amount, payout, at);
  }

  private static Transfer ofChannel(
      AccountKind debit,
      AccountKind credit,
      ChannelId channel,
      Amount amount,
      long block,
      Instant at) {
    return new Transfer(
        debit, credit, Optional.of(channel), Optional.empty(), amount, "block " + block, at);
  }

  private static Transfer ofMerchant(
      AccountKind debit,
      AccountKind credit,
      MerchantId merchant,
      Amount amount,
      PayoutId payout,
      Instant at) {
    return new Transfer(
        debit, credit, Optional.empty(), Optional.of(merchant), amount, payout.value(), at);
  }

  /// What the payer's account of the transfer's channel gains by it, below zero if it loses.
  public BigInteger payerGain() {
    if (credit == AccountKind.PAYER) return amount.units();
    return debit == AccountKind.PAYER ? amount.units().negate() : BigInteger.ZERO;
  }
}
