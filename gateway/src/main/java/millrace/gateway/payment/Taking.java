package millrace.gateway.payment;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import millrace.gateway.checkout.Attempt.Denied;
import millrace.gateway.checkout.Attempt.Done;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.Denial;
import millrace.gateway.checkout.PaymentKey;
import millrace.gateway.checkout.Purchase;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.offer.Offer;
import millrace.gateway.offer.Offers;
import millrace.gateway.payment.PaymentBodies.ChannelRefundBody;
import millrace.gateway.payment.PaymentBodies.PaymentRequest;
import millrace.gateway.payment.PaymentBodies.RequirementsBody;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.RefundOutcome;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.ChannelPayload.RefundPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.Resource;
import millrace.protocol.x402.X402Error;

/// Takes a payment for a merchant that serves its resource itself.
final class Taking {
  private final Offers offers;
  private final Checkout checkout;
  private final Treasury treasury;
  private final TakingMetrics metrics;
  private final Clock clock;

  Taking(Offers offers, Checkout checkout, Treasury treasury, TakingMetrics metrics, Clock clock) {
    this.offers = offers;
    this.checkout = checkout;
    this.treasury = treasury;
    this.metrics = metrics;
    this.clock = clock;
  }

  RequirementsBody requirements(Amount price, Resource resource) {
    var offer = offer(price, resource);
    return new RequirementsBody(
        "payment_requirements",
        offer.required(X402Error.PAYMENT_REQUIRED).toHeader(),
        price,
        offer.requirements().asset(),
        offers.network().toString());
  }

  Result take(MerchantId merchant, Optional<IdempotencyKey> key, PaymentRequest request) {
    var offer = offer(request.amount(), request.resource().resource());
    var signature = request.paymentSignature();
    var parsed =
        signature.isString()
            ? PaymentPayload.ofHeader(signature.stringValue())
            : PaymentPayload.ofJson(signature.toString());
    return switch (checkout.read(parsed, offer)) {
      case Denied<PaymentPayload>(var denial) -> throw refused(offer, Optional.empty(), denial);
      case Done<PaymentPayload>(var payment) ->
          switch (payment.payload()) {
            case VoucherPayload _ -> charge(merchant, key, offer, payment, Optional.empty());
            case DepositPayload deposit ->
                charge(merchant, key, offer, payment, Optional.of(funded(offer, payment, deposit)));
            case RefundPayload refund -> paidBack(offer, payment, refund);
          };
    };
  }

  private DepositOutcome.Confirmed funded(
      Offer offer, PaymentPayload payment, DepositPayload deposit) {
    return switch (treasury.deposit(deposit)) {
      case Done<DepositOutcome.Confirmed>(var done) -> done;
      case Denied<DepositOutcome.Confirmed>(var denial) ->
          throw refused(offer, Optional.of(payer(payment)), denial);
    };
  }

  private Result charge(
      MerchantId merchant,
      Optional<IdempotencyKey> named,
      Offer offer,
      PaymentPayload payment,
      Optional<DepositOutcome.Confirmed> deposit) {
    var price = offer.requirements().amount();
    var resource = offer.resource().url();
    byte[] asked = resource.getBytes(StandardCharsets.UTF_8);
    var key =
        named
            .map(name -> PaymentKey.ofMerchant(name.value(), payment, price, asked))
            .orElseGet(() -> PaymentKey.ofPayer(payment, merchant, price, asked));
    return switch (checkout.charge(new Purchase(merchant, payment, price, key, resource))) {
      case Denied<Taken>(var denial) -> throw refused(offer, Optional.of(payer(payment)), denial);
      case Done<Taken>(var taken) -> {
        metrics.charged(taken.replayed());
        var receipt = checkout.receipts().paid(payer(payment), taken, deposit);
        yield new Result.Paid(
            new Payment(
                taken.id(),
                merchant,
                taken.channel().channelId(),
                Optional.of(payer(payment)),
                offer.requirements().asset(),
                taken.amount(),
                taken.status(),
                resource,
                clock.instant()),
            receipt.toHeader(),
            taken.replayed());
      }
    };
  }

  private Result paidBack(Offer offer, PaymentPayload payment, RefundPayload refund) {
    return switch (treasury.refund(refund)) {
      case Denied<RefundOutcome.Confirmed>(var denial) ->
          throw refused(offer, Optional.of(payer(payment)), denial);
      case Done<RefundOutcome.Confirmed>(var done) ->
          new Result.PaidBack(
              new ChannelRefundBody(
                  done.id().value(),
                  "channel_refund",
                  "succeeded",
                  done.amount(),
                  offer.requirements().asset(),
                  done.channel().channelId(),
                  checkout.receipts().refunded(payer(payment), done).toHeader()));
    };
  }

  private Offer offer(Amount price, Resource resource) {
    if (price.isZero() || price.exceeds(Offers.MAX_PRICE)) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "amount must be above 0 and below 2^96.")
          .about("amount")
          .asException();
    }
    return offers.of(price, resource);
  }

  private RuntimeException refused(Offer offer, Optional<Address> payer, Denial denial) {
    return switch (denial) {
      case Denial.Prevented(var problem) -> problem.asException();
      case Denial.Declined declined -> {
        metrics.declined(declined.error());
        var required = offer.required(declined.error(), declined.channel(), declined.newest());
        var problem =
            Problem.of(
                    ProblemCode.PAYMENT_REFUSED,
                    "Answer your client 402 with payment_required as its header.")
                .named(declined.error().wire())
                .with("payment_required", required.toHeader());
        yield payer
            .filter(_ -> declined.onChain())
            .map(who -> checkout.receipts().failed(who, declined).toHeader())
            .map(receipt -> problem.with("payment_response", receipt))
            .orElse(problem)
            .asException();
      }
    };
  }

  private static Address payer(PaymentPayload payment) {
    return payment.channelConfig().payer();
  }

  sealed interface Result {
    /// @param receipt text of the header to relay
    record Paid(Payment payment, String receipt, boolean replayed) implements Result {}

    record PaidBack(ChannelRefundBody refund) implements Result {}
  }
}
