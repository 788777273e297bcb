package millrace.gateway.paywall;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import millrace.gateway.checkout.Attempt;
import millrace.gateway.checkout.Attempt.Denied;
import millrace.gateway.checkout.Attempt.Done;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.CheckoutSettings;
import millrace.gateway.checkout.Funding;
import millrace.gateway.checkout.PaymentKey;
import millrace.gateway.checkout.Purchase;
import millrace.gateway.checkout.Reservation;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.hub.HubException;
import millrace.gateway.outbound.Body;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.outbound.OutboundCall;
import millrace.gateway.outbound.OutboundException;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.route.Price;
import millrace.gateway.route.Route;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.SettleResponse;

/// The journey of a request through a paywall: understood, funded, reserved, made, captured,
/// delivered. Nothing is charged before the resource is there, and nothing of the resource leaves
/// before the charge is durable.
final class Paywall {
  private final Checkout checkout;
  private final Treasury treasury;
  private final Upstreams upstreams;
  private final Replies replies;
  private final Undelivered undelivered;
  private final PaywallSettings settings;
  private final Duration reservationTime;
  private final Clock clock;
  private final PaywallMetrics metrics;

  Paywall(
      Checkout checkout,
      Treasury treasury,
      Upstreams upstreams,
      Replies replies,
      PaywallSettings settings,
      CheckoutSettings waits,
      Clock clock,
      PaywallMetrics metrics) {
    this.checkout = checkout;
    this.treasury = treasury;
    this.upstreams = upstreams;
    this.replies = replies;
    this.undelivered = new Undelivered(clock, settings.keptBytes());
    this.settings = settings;
    this.reservationTime =
        settings.upstreamTimeout().plus(waits.captureWait()).plus(settings.reservationMargin());
    this.clock = clock;
    this.metrics = metrics;
  }

  void serve(Visit visit) throws IOException {
    var brought = visit.payment();
    if (brought.isEmpty()) {
      metrics.unpaid();
      replies.unpaid(visit);
      return;
    }
    switch (checkout.read(brought.get(), visit.offer())) {
      case Denied<PaymentPayload>(var denial) -> {
        metrics.denied(denial);
        replies.denied(visit, Optional.empty(), denial);
      }
      case Done<PaymentPayload>(var payment) -> pay(visit, payment);
    }
  }

  private void pay(Visit visit, PaymentPayload payment) throws IOException {
    var body = body(visit);
    boolean locksUp = payment.payload() instanceof DepositPayload;
    if (locksUp && upstreams.isShut(visit.route().id())) throw upstreamBusy();
    switch (treasury.fund(payment.payload())) {
      case Denied<Funding> denied -> deny(visit, payment, denied);
      case Done<Funding>(Funding.Ready(var deposit)) -> sell(visit, payment, body, deposit);
      case Done<Funding>(Funding.PaidBack(var done)) -> {
        metrics.refunded();
        replies.refunded(
            visit, done.channel().channelId(), checkout.receipts().refunded(payer(payment), done));
      }
    }
  }

  private void sell(
      Visit visit, PaymentPayload payment, Body body, Optional<DepositOutcome.Confirmed> deposit)
      throws IOException {
    var route = visit.route();
    var price = route.price().most();
    var key = PaymentKey.ofPayer(payment, route.merchant(), price, asked(visit, body));
    var resource = visit.offer().resource().url();
    var purchase = new Purchase(route.merchant(), payment, price, key, resource);
    var sale = new Sale(visit, purchase, deposit);
    var owed = undelivered.take(purchase);
    if (owed.isPresent()) {
      capture(sale, owed.get().id(), owed.get().answer());
      return;
    }
    try (var permit = upstreams.enter(route).orElseThrow(Paywall::upstreamBusy)) {
      switch (checkout.reserve(purchase, clock.instant().plus(reservationTime))) {
        case Denied<Reservation> denied -> deny(visit, payment, denied);
        case Done<Reservation>(var reservation) -> {
          switch (reservation) {
            case Reservation.Held(var id) -> make(sale, id, permit, body);
            case Reservation.Served(var taken) -> again(sale, taken);
          }
        }
      }
    }
  }

  private void make(Sale sale, PaymentId id, Upstreams.Permit permit, Body body)
      throws IOException {
    OutboundAnswer answer;
    try {
      answer = permit.call(call(sale.visit, body));
    } catch (OutboundException failure) {
      release(sale, id);
      replies.problem(sale.visit, upstreamFailed(failure));
      return;
    } catch (RuntimeException bug) {
      release(sale, id);
      throw bug;
    }
    if (answer.status() >= 400) {
      release(sale, id);
      replies.uncharged(sale.visit, answer);
    } else {
      capture(sale, id, answer);
    }
  }

  /// What was used is what is charged; an upstream that does not say so has sold nothing.
  private void capture(Sale sale, PaymentId id, OutboundAnswer answer) throws IOException {
    var charge = sale.visit.route().price().charge(answer.values(Price.USAGE_HEADER));
    if (charge.isEmpty()) {
      release(sale, id);
      replies.problem(sale.visit, unmeasured());
      return;
    }
    if (charge.get().isZero()) {
      // A charge of nothing would not move what the channel was charged: the payer's next voucher
      // would be this one again, and its request be taken for a copy of this one.
      release(sale, id);
      replies.uncharged(sale.visit, answer);
      return;
    }
    Attempt<Taken> captured;
    try {
      captured = checkout.capture(id, sale.channel(), charge.get());
    } catch (HubException unanswered) {
      undelivered.keep(sale.purchase, id, answer);
      metrics.unknown();
      throw unanswered;
    }
    switch (captured) {
      case Denied<Taken> denied -> deny(sale.visit, sale.payment(), denied);
      case Done<Taken>(var taken) -> {
        metrics.charged();
        deliver(sale, taken, answer);
      }
    }
  }

  private void deliver(Sale sale, Taken taken, OutboundAnswer answer) throws IOException {
    try {
      replies.charged(sale.visit, answer, receipt(sale, taken));
    } catch (IOException clientGone) {
      undelivered.keep(sale.purchase, taken.id(), answer);
      throw clientGone;
    }
  }

  /// Charged before: never again from the upstream.
  private void again(Sale sale, Taken taken) throws IOException {
    metrics.replayed();
    replies.served(sale.visit, alreadyServed(taken.id()), receipt(sale, taken));
  }

  private void release(Sale sale, PaymentId id) {
    metrics.released();
    checkout.release(id, sale.channel());
  }

  private void deny(Visit visit, PaymentPayload payment, Denied<?> denied) throws IOException {
    metrics.denied(denied.denial());
    replies.denied(visit, Optional.of(payer(payment)), denied.denial());
  }

  private SettleResponse receipt(Sale sale, Taken taken) {
    return checkout.receipts().paid(payer(sale.payment()), taken, sale.deposit);
  }

  private OutboundCall call(Visit visit, Body body) {
    return new OutboundCall(
        visit.request().getMethod(),
        visit.target(),
        ForwardedHeaders.toUpstream(visit.request()),
        body,
        false,
        timeout(visit.route()),
        settings.maxResponseBytes(),
        OutboundCall.Excess.REFUSE);
  }

  private Duration timeout(Route route) {
    return route
        .limits()
        .timeoutSeconds()
        .map(Duration::ofSeconds)
        .filter(own -> own.compareTo(settings.upstreamTimeout()) < 0)
        .orElse(settings.upstreamTimeout());
  }

  private Body body(Visit visit) throws IOException {
    int limit = settings.maxRequestBytes();
    if (visit.request().getContentLengthLong() > limit) throw tooLarge(limit);
    var stream = visit.request().getInputStream();
    byte[] body = stream.readNBytes(limit);
    if (body.length == limit && stream.read() >= 0) throw tooLarge(limit);
    return Body.of(body);
  }

  /// What makes two requests the same: method, address and body.
  private static byte[] asked(Visit visit, Body body) {
    var line = visit.request().getMethod() + " " + visit.request().getRequestURI();
    var query = visit.request().getQueryString();
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes((query == null ? line : line + "?" + query).getBytes(StandardCharsets.UTF_8));
    bytes.write('\n');
    bytes.writeBytes(body.bytes());
    return bytes.toByteArray();
  }

  private static Address payer(PaymentPayload payment) {
    return payment.channelConfig().payer();
  }

  private static Problem upstreamFailed(OutboundException failure) {
    return switch (failure.kind()) {
      case TIMEOUT -> Problem.of(ProblemCode.UPSTREAM_TIMEOUT, "Nothing was charged.");
      case TOO_LARGE ->
          Problem.of(ProblemCode.UPSTREAM_FAILED, "The answer is too large. Nothing was charged.");
      case BLOCKED, UNREACHABLE -> Problem.of(ProblemCode.UPSTREAM_FAILED, "Nothing was charged.");
    };
  }

  private static Problem unmeasured() {
    return Problem.of(
        ProblemCode.UPSTREAM_FAILED,
        "The resource did not say in "
            + Price.USAGE_HEADER
            + " what was used. Nothing was charged.");
  }

  private static RuntimeException upstreamBusy() {
    return Problem.of(ProblemCode.UNAVAILABLE, "The resource is busy. Nothing was charged.")
        .retryAfter(Duration.ofSeconds(5))
        .asException();
  }

  private static RuntimeException tooLarge(int limit) {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "At most " + limit + " bytes.").asException();
  }

  private static Problem alreadyServed(PaymentId id) {
    return Problem.of(
            ProblemCode.ALREADY_SERVED,
            "The payment stands; pay anew for another answer. See PAYMENT-RESPONSE.")
        .with("payment", id.value());
  }

  private record Sale(Visit visit, Purchase purchase, Optional<DepositOutcome.Confirmed> deposit) {
    PaymentPayload payment() {
      return purchase.payment();
    }

    ChannelId channel() {
      return purchase.payment().voucher().voucher().channelId();
    }
  }
}
