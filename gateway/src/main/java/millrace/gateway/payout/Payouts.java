package millrace.gateway.payout;

import java.time.Duration;
import java.util.Optional;
import millrace.gateway.hub.Aftermath;
import millrace.gateway.hub.Hub;
import millrace.gateway.id.Ids;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.metadata.Notes;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.springframework.stereotype.Service;

/// Asks channel-service, which owns the ledger, for payouts. The key travels with the command and
/// is kept where the money is debited.
@Service
class Payouts {
  private final Hub hub;
  private final Merchants merchants;
  private final HubTerms terms;
  private final Ids ids;
  private final Notes notes;

  Payouts(Hub hub, Merchants merchants, HubTerms terms, Ids ids, Notes notes) {
    this.hub = hub;
    this.merchants = merchants;
    this.terms = terms;
    this.ids = ids;
    this.notes = notes;
  }

  /// @param amount empty for the whole balance
  /// @param metadata that is noted on it
  PayoutOutcome request(
      MerchantId merchant, Optional<Amount> amount, IdempotencyKey key, Metadata metadata) {
    var outcome =
        hub.payout(
            new PayoutCommand(
                new PayoutId(ids.next("po_")),
                merchant,
                merchants.payee(merchant),
                terms.token().address(),
                amount,
                key.value(),
                metadata.fingerprint(amount.map(Amount::toString).orElse("everything"))));
    if (outcome instanceof PayoutOutcome.Taken(var payout, _)) {
      Aftermath.of(() -> notes.keep(merchant, payout.id().value(), metadata));
    }
    return outcome;
  }

  static Problem problem(RefusalReason reason) {
    return switch (reason) {
      case INSUFFICIENT_FUNDS ->
          Problem.of(ProblemCode.INSUFFICIENT_FUNDS, "There is less to pay out.").about("amount");
      case IDEMPOTENCY_KEY_REUSED ->
          Problem.of(ProblemCode.IDEMPOTENCY_KEY_REUSED, "Use another key for another payout.")
              .about("Idempotency-Key");
      case IN_FLIGHT ->
          Problem.of(ProblemCode.IN_FLIGHT, "Send it again a little later for its outcome.")
              .retryAfter(Duration.ofSeconds(1));
      case CHAIN_STALE, STATE_LOST ->
          Problem.of(ProblemCode.UNAVAILABLE, "Payouts are not taken just now.")
              .retryAfter(Duration.ofSeconds(10));
      case PAYOUT_NOT_FOUND -> Problem.notFound("payout");
      case PAYOUT_NOT_PENDING ->
          Problem.of(
              ProblemCode.PAYOUT_NOT_PENDING,
              "It is promised and on its way, or paid, or has failed.");
      case VOUCHER_SIGNATURE,
          TERMS_MISMATCH,
          CHANNEL_NOT_FOUND,
          NOT_FUNDED,
          WITHDRAWAL_PENDING,
          SHORTFALL,
          BUSY,
          BELOW_CLAIMED,
          CUMULATIVE_MISMATCH,
          EXCEEDS_BALANCE,
          PRICE_ABOVE_LIMIT,
          TOWER_BEHIND,
          NO_RESERVATION,
          REFUND_NO_BALANCE,
          REFUND_AMOUNT_INVALID,
          REFUND_TOO_SOON,
          DEPOSIT_LIMIT,
          HOLD_NOT_FOUND,
          HOLD_ENDED,
          CAPTURE_TOO_LARGE,
          PAYMENT_NOT_FOUND,
          REFUND_TOO_LARGE ->
          throw new IllegalStateException("a payout was refused for a channel's reason: " + reason);
    };
  }
}
