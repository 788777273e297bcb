package millrace.gateway.paywall;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import millrace.gateway.checkout.Attempt.Denied;
import millrace.gateway.checkout.Attempt.Done;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.Funding;
import millrace.gateway.checkout.PaymentKey;
import millrace.gateway.checkout.Purchase;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.merchant.Denomination;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.PaymentPayload;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.json.JsonMapper;

/// Where payment links are paid. There is nothing to make and deliver, so a payment is charged at
/// once, and one that comes again is answered as it was.
final class LinkCounter {
  private final Checkout checkout;
  private final Treasury treasury;
  private final Replies replies;
  private final PaywallMetrics metrics;
  private final Denomination denomination;
  private final JsonMapper json;

  LinkCounter(
      Checkout checkout,
      Treasury treasury,
      Replies replies,
      PaywallMetrics metrics,
      Denomination denomination,
      JsonMapper json) {
    this.checkout = checkout;
    this.treasury = treasury;
    this.replies = replies;
    this.metrics = metrics;
    this.denomination = denomination;
    this.json = json;
  }

  void serve(LinkVisit visit) throws IOException {
    var brought = visit.payment();
    if (brought.isEmpty()) {
      metrics.unpaid();
      replies.unpaid(visit, page(visit));
      return;
    }
    switch (checkout.read(brought.get(), visit.offer())) {
      case Denied<PaymentPayload> denied -> deny(visit, Optional.empty(), denied);
      case Done<PaymentPayload>(var payment) -> pay(visit, payment);
    }
  }

  private void pay(LinkVisit visit, PaymentPayload payment) throws IOException {
    switch (treasury.fund(payment.payload())) {
      case Denied<Funding> denied -> deny(visit, Optional.of(payment), denied);
      case Done<Funding>(Funding.Ready(var deposit)) -> charge(visit, payment, deposit);
      case Done<Funding>(Funding.PaidBack(var done)) -> {
        metrics.refunded();
        var receipt = checkout.receipts().refunded(payment.channelConfig().payer(), done);
        replies.refunded(visit, done.channel().channelId(), receipt);
      }
    }
  }

  private void charge(
      LinkVisit visit, PaymentPayload payment, Optional<DepositOutcome.Confirmed> deposit)
      throws IOException {
    var link = visit.link();
    byte[] asked = link.path().getBytes(StandardCharsets.UTF_8);
    var key = PaymentKey.ofPayer(payment, link.merchant(), link.amount(), asked);
    var resource = visit.offer().resource().url();
    var purchase = new Purchase(link.merchant(), payment, link.amount(), key, resource);
    switch (checkout.charge(purchase)) {
      case Denied<Taken> denied -> deny(visit, Optional.of(payment), denied);
      case Done<Taken>(var taken) -> {
        if (taken.replayed()) metrics.replayed();
        else metrics.charged();
        var receipt = checkout.receipts().paid(payment.channelConfig().payer(), taken, deposit);
        replies.paid(
            visit, receipt, json.writeValueAsBytes(PaidBody.of(visit, taken, denomination)));
      }
    }
  }

  private void deny(LinkVisit visit, Optional<PaymentPayload> payment, Denied<?> denied)
      throws IOException {
    metrics.denied(denied.denial());
    var payer = payment.map(known -> known.channelConfig().payer());
    replies.denied(visit, payer, denied.denial());
  }

  /// For people who open a link. Its text is the merchant's and so is not trusted.
  private static Optional<String> page(LinkVisit visit) {
    var accept = Optional.ofNullable(visit.request().getHeader("Accept")).orElse("");
    if (!accept.contains("text/html")) return Optional.empty();
    var terms = visit.offer().requirements();
    return Optional.of(
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Payment link</title>
        <h1>%s</h1>
        <p>%s base units of the token %s on %s.</p>
        <p>Give this address to an x402 client: <code>%s</code></p></html>
        """
            .formatted(
                HtmlUtils.htmlEscape(
                    visit.link().description().isEmpty() ? "Payment" : visit.link().description()),
                terms.amount(),
                terms.asset(),
                terms.network(),
                HtmlUtils.htmlEscape(visit.offer().resource().url())));
  }

  record PaidBody(
      String id,
      String object,
      boolean livemode,
      String status,
      Amount amount,
      Address asset,
      int decimals,
      @JsonProperty("payment_link") String paymentLink) {
    static PaidBody of(LinkVisit visit, Taken taken, Denomination in) {
      return new PaidBody(
          taken.id().value(),
          "payment",
          in.live(),
          "succeeded",
          taken.amount(),
          in.asset(),
          in.decimals(),
          visit.link().id());
    }
  }
}
