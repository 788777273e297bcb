package millrace.gateway.payment;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.checkout.Attempt;
import millrace.gateway.checkout.Attempt.Denied;
import millrace.gateway.checkout.Attempt.Done;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.Denial;
import millrace.gateway.checkout.PaymentKey;
import millrace.gateway.checkout.Purchase;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.offer.Offer;
import millrace.gateway.offer.Offers;
import millrace.gateway.payment.PaymentBodies.ChannelRefundBody;
import millrace.gateway.payment.PaymentBodies.PaymentBody;
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
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Takes a payment for a merchant that serves its resource itself.
final class Taking {
  private static final Duration STORE_RETRY = Duration.ofSeconds(2);

  /// What is asked for when nothing is said; channel-service has the last word.
  private static final Duration LONGEST_HOLD = Duration.ofDays(7);

  private final Offers offers;
  private final PriceLimits limits;
  private final Checkout checkout;
  private final Treasury treasury;
  private final TakingMetrics metrics;
  private final PaymentNotes notes;
  private final Denomination denomination;
  private final Clock clock;

  Taking(
      Offers offers,
      PriceLimits limits,
      Checkout checkout,
      Treasury treasury,
      TakingMetrics metrics,
      PaymentNotes notes,
      Denomination denomination,
      Clock clock) {
    this.offers = offers;
    this.limits = limits;
    this.checkout = checkout;
    this.treasury = treasury;
    this.metrics = metrics;
    this.notes = notes;
    this.denomination = denomination;
    this.clock = clock;
  }

  RequirementsBody requirements(Amount price, Resource resource) {
    var offer = offer(price, resource);
    limits.require(price, "amount");
    return new RequirementsBody(
        "payment_requirements",
        offer.required(X402Error.PAYMENT_REQUIRED).toHeader(),
        denomination.live(),
        price,
        offer.requirements().asset(),
        denomination.decimals(),
        offers.network().toString());
  }

  Result take(MerchantId merchant, Optional<IdempotencyKey> key, PaymentRequest request) {
    var order = order(merchant, key, request);
    return switch (order.payment().payload()) {
      case VoucherPayload _ -> charge(order, Optional.empty());
      case DepositPayload deposit -> charge(order, Optional.of(funded(order, deposit)));
      case RefundPayload refund -> paidBack(order, refund);
    };
  }

  /// What is asked for, as far as it can be told without looking at money.
  Order order(MerchantId merchant, Optional<IdempotencyKey> key, PaymentRequest request) {
    var offer = offer(request.amount(), request.resource().resource());
    var signature = request.paymentSignature();
    var parsed =
        signature.isString()
            ? PaymentPayload.ofHeader(signature.stringValue())
            : PaymentPayload.ofJson(signature.toString());
    var captureBefore = captureBefore(request);
    return switch (checkout.read(parsed, offer)) {
      case Denied<PaymentPayload>(var denial) -> throw refused(offer, Optional.empty(), denial);
      case Done<PaymentPayload>(var payment) ->
          new Order(
              merchant, key, offer, payment, captureBefore, Metadata.orNone(request.metadata()));
    };
  }

  private Optional<Instant> captureBefore(PaymentRequest request) {
    var asked = Optional.ofNullable(request.captureBefore());
    if (asked.isPresent() && !(request.isManual() && asked.get().isAfter(clock.instant()))) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "capture_before is in the future, and only with capture manual.")
          .about("capture_before")
          .asException();
    }
    return request.isManual()
        ? Optional.of(asked.orElseGet(() -> clock.instant().plus(LONGEST_HOLD)))
        : Optional.empty();
  }

  private DepositOutcome.Confirmed funded(Order order, DepositPayload deposit) {
    return switch (treasury.deposit(deposit)) {
      case Done<DepositOutcome.Confirmed>(var done) -> done;
      case Denied<DepositOutcome.Confirmed>(var denial) -> throw refused(order, denial);
    };
  }

  /// Noted before it is asked for. Without metadata there is nothing to note.
  Purchase purchase(Order order) {
    var purchase = order.purchase();
    if (order.metadata().isEmpty()) return purchase;
    try {
      return purchase.named(notes.note(order.merchant(), purchase.key(), order.metadata()));
    } catch (DataAccessException | TransactionException away) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "Our store does not answer; nothing was charged.")
          .retryAfter(STORE_RETRY)
          .asException();
    }
  }

  private Result charge(Order order, Optional<DepositOutcome.Confirmed> deposit) {
    var taken =
        order
            .captureBefore()
            .map(until -> checkout.hold(purchase(order), until))
            .orElseGet(() -> checkout.charge(purchase(order)));
    return paid(order, taken, deposit);
  }

  /// How the charge of an order ended, for its merchant.
  Result.Paid paid(Order order, Attempt<Taken> charge, Optional<DepositOutcome.Confirmed> deposit) {
    return switch (charge) {
      case Denied<Taken>(var denial) -> throw refused(order, denial);
      case Done<Taken>(var taken) -> {
        metrics.charged(taken.replayed());
        var receipt = checkout.receipts().paid(order.payer(), taken, deposit);
        var payment =
            new Payment(
                taken.id(),
                order.merchant(),
                taken.channel().channelId(),
                Optional.of(order.payer()),
                order.offer().requirements().asset(),
                taken.amount(),
                taken.status(),
                order.offer().resource().url(),
                false,
                order.metadata(),
                clock.instant(),
                taken.expiresAt());
        yield new Result.Paid(
            PaymentBody.of(payment, denomination, receipt.toHeader(), taken.replayed()),
            taken.replayed());
      }
    };
  }

  private Result paidBack(Order order, RefundPayload refund) {
    return switch (treasury.refund(refund)) {
      case Denied<RefundOutcome.Confirmed>(var denial) -> throw refused(order, denial);
      case Done<RefundOutcome.Confirmed>(var done) ->
          new Result.PaidBack(
              new ChannelRefundBody(
                  done.id().value(),
                  "channel_refund",
                  denomination.live(),
                  "succeeded",
                  done.amount(),
                  order.offer().requirements().asset(),
                  denomination.decimals(),
                  done.channel().channelId(),
                  checkout.receipts().refunded(order.payer(), done).toHeader()));
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

  private RuntimeException refused(Order order, Denial denial) {
    return refused(order.offer(), Optional.of(order.payer()), denial);
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

  /// A payment that is in form and takes its offer.
  ///
  /// @param captureBefore of a hold; empty for a payment that is charged for good
  record Order(
      MerchantId merchant,
      Optional<IdempotencyKey> key,
      Offer offer,
      PaymentPayload payment,
      Optional<Instant> captureBefore,
      Metadata metadata) {
    Address payer() {
      return payment.channelConfig().payer();
    }

    Purchase purchase() {
      var price = offer.requirements().amount();
      var resource = offer.resource().url();
      // No URL has a line break, so a hold or a note is never taken for a part of one.
      var kind = captureBefore.isPresent() ? "\nhold" : "";
      var noted = metadata.isEmpty() ? "" : "\nmetadata " + metadata.json();
      byte[] asked = (resource + kind + noted).getBytes(StandardCharsets.UTF_8);
      var known =
          key.map(name -> PaymentKey.ofMerchant(name.value(), payment, price, asked))
              .orElseGet(() -> PaymentKey.ofPayer(payment, merchant, price, asked));
      return new Purchase(merchant, payment, price, known, resource);
    }
  }

  sealed interface Result {
    record Paid(PaymentBody body, boolean replayed) implements Result {
      int status() {
        return replayed ? 200 : 201;
      }
    }

    record PaidBack(ChannelRefundBody refund) implements Result {}
  }
}
