package millrace.gateway;

import static millrace.gateway.Answers.header;
import static millrace.gateway.Answers.receipt;
import static millrace.gateway.Answers.required;
import static millrace.gateway.GatewayFixture.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import millrace.protocol.x402.PayerKeys;
import millrace.testkit.Persona;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaywallIT {
  private static final long PRICE = 1_000;
  private static GatewayFixture gateway;
  private static Account merchant;
  private static String route;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of(
                "millrace.gateway.checkout.busy-wait", "400ms",
                "millrace.gateway.checkout.deposit-wait", "2s",
                "millrace.gateway.checkout.poll-wait", "200ms",
                "millrace.gateway.checkout.capture-wait", "1s",
                "millrace.gateway.paywall.upstream-timeout", "5s",
                "millrace.gateway.paywall.max-request-bytes", "2000",
                "millrace.gateway.paywall.max-response-bytes", "5000"));
    merchant = gateway.merchant();
    route = gateway.route(merchant, "" + PRICE, "");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.forget();
    gateway.upstream.reset();
  }

  @Test
  void aTowerThatIsBehindIsWaitedFor() {
    var payer = Payer.fresh();
    gateway.hub.behind.set(3);
    assertThat(gateway.paid(route, payer.voucher(PRICE, PRICE)).statusCode()).isEqualTo(200);
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(PRICE));
  }

  @Test
  void aTowerThatStaysBehindCostsNobodyAnything() {
    var payer = Payer.fresh();
    gateway.hub.behind.set(1_000_000);
    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    assertThat(GatewayFixture.json(answer).get("code").stringValue()).isEqualTo("tower-behind");
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.ZERO);

    gateway.hub.behind.set(0);
    assertThat(gateway.paid(route, payer.voucher(PRICE, PRICE)).statusCode()).isEqualTo(200);
  }

  @Test
  void anUnpaidRequestLearnsThePriceAndReachesNobody() {
    var answer = gateway.send(HttpRequest.newBuilder(gateway.url(route + "/a?b=c")));

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(answer.body()).isEqualTo("{}");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(answer, "Access-Control-Expose-Headers"))
        .contains("PAYMENT-REQUIRED")
        .contains("PAYMENT-RESPONSE");
    assertThat(header(answer, "Request-Id")).startsWith("req_");
    var required = required(answer);
    assertThat(required.error()).isEqualTo("Payment required");
    assertThat(required.resource().url()).isEqualTo(gateway.url(route + "/a?b=c").toString());
    assertThat(required.accepts()).containsExactly(Payer.offer(PRICE));
    assertThat(required.extensions().paymentIdentifier()).isPresent();
    assertThat(gateway.upstream.requests).isEmpty();
    assertThat(gateway.hub.commands).isEmpty();
  }

  @Test
  void aVoucherBuysTheResourceAndIsCapturedBeforeItIsDelivered() {
    gateway.upstream.handler =
        (exchange, _) -> {
          assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.ZERO);
          exchange.getResponseHeaders().add("Set-Cookie", "tracking=1");
          exchange.getResponseHeaders().add("PAYMENT-RESPONSE", "forged");
          exchange.getResponseHeaders().add("X-Shop", "yes");
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };

    var answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.url(route + "/item/7?size=2"))
                .header("PAYMENT-SIGNATURE", payer.voucher(PRICE, PRICE))
                .header("Cookie", "other=merchant")
                .header("X-Wish", "blue")
                .POST(BodyPublishers.ofString("please")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(Upstream.SECRET);
    assertThat(header(answer, "Cache-Control")).isEqualTo("private");
    assertThat(header(answer, "X-Shop")).isEqualTo("yes");
    assertThat(header(answer, "Content-Security-Policy")).isEqualTo("sandbox");
    assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
    var receipt = receipt(answer);
    assertThat(receipt.success()).isTrue();
    assertThat(receipt.chargedAmount()).contains(Amount.of(PRICE));
    assertThat(receipt.channelState().orElseThrow().chargedCumulativeAmount())
        .isEqualTo(Amount.of(PRICE));
    var asked = gateway.upstream.requests.getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.uri()).isEqualTo("/shop/item/7?size=2");
    assertThat(asked.body()).isEqualTo("please");
    assertThat(asked.headers().keySet())
        .contains("X-wish")
        .doesNotContain("Payment-signature", "Cookie");
  }

  @Test
  void aFailingUpstreamIsPassedOnAndNothingIsCharged() {
    gateway.upstream.handler = (exchange, _) -> Upstream.answer(exchange, 500, "broken");

    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("broken");
    assertThat(answer.headers().map()).doesNotContainKey("payment-response");
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.ZERO);
    assertThat(gateway.hub.received(PaymentCommand.Release.class)).hasSize(1);
    gateway.upstream.reset();
    assertThat(gateway.paid(route, payer.voucher(PRICE, PRICE)).statusCode()).isEqualTo(200);
  }

  @Test
  void aSilentUpstreamCostsNothing() {
    var given = new CompletableFuture<Void>();
    gateway.upstream.handler =
        (exchange, _) -> {
          given.join();
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };

    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));
    given.complete(null);

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(gateway.hub.received(PaymentCommand.Release.class)).hasSize(1);
    assertThat(gateway.hub.received(PaymentCommand.Capture.class)).isEmpty();
  }

  @Test
  void anAnswerThatIsTooLargeCostsNothing() {
    gateway.upstream.handler = (exchange, _) -> Upstream.answer(exchange, 200, "x".repeat(5_001));

    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(code(answer)).isEqualTo("upstream-failed");
    assertThat(gateway.hub.received(PaymentCommand.Capture.class)).isEmpty();
  }

  @Test
  void aRedirectIsSoldAndNotFollowed() {
    gateway.upstream.handler =
        (exchange, _) -> {
          exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest");
          Upstream.answer(exchange, 302, "");
        };

    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(gateway.upstream.requests).hasSize(1);
  }

  @Test
  void nothingLeaksWhenTheCaptureIsRefused() {
    gateway.upstream.handler =
        (exchange, _) -> {
          var id = gateway.hub.received(PaymentCommand.Reserve.class).getFirst().request().id();
          gateway.hub.expire(id);
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };

    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(code(answer)).isEqualTo("reservation-expired");
    assertThat(answer.body()).doesNotContain(Upstream.SECRET);
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.ZERO);
  }

  @Test
  void anUnknownCaptureLeaksNothingAndTheSameRequestSettlesIt() {
    gateway.hub.after =
        command -> command instanceof PaymentCommand.Capture ? Optional.of(503) : Optional.empty();
    var header = payer.voucher(PRICE, PRICE);

    var unknown = gateway.paid(route, header);

    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(code(unknown)).isEqualTo("outcome-unknown");
    assertThat(header(unknown, "Retry-After")).isNotEmpty();
    assertThat(unknown.body()).doesNotContain(Upstream.SECRET);

    gateway.hub.forget();
    sleep(Duration.ofMillis(1_500));
    var settled = gateway.paid(route, header);
    assertThat(settled.statusCode()).isEqualTo(200);
    assertThat(settled.body()).isEqualTo(Upstream.SECRET);
    assertThat(receipt(settled).chargedAmount()).contains(Amount.of(PRICE));
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(PRICE));
    assertThat(gateway.upstream.requests).hasSize(1);
  }

  @Test
  void aForgedVoucherDoesNotGetWhatAnotherIsOwed() {
    gateway.hub.after =
        command -> command instanceof PaymentCommand.Capture ? Optional.of(503) : Optional.empty();
    assertThat(gateway.paid(route, payer.voucher(PRICE, PRICE)).statusCode()).isEqualTo(503);
    gateway.hub.forget();
    sleep(Duration.ofMillis(1_500));
    var mallory = Persona.MALLORY.key();
    var own = payer.keys();
    var forger = new PayerKeys(own.payer(), mallory, own.deployment());
    var signature = forger.voucher(Payer.offer(PRICE), payer.channel(), Amount.of(PRICE)).voucher();
    var forged = Payer.header(PRICE, new VoucherPayload(payer.channel(), signature));

    var answer = gateway.paid(route, forged);

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(required(answer).error())
        .isEqualTo("invalid_batch_settlement_evm_voucher_signature");
    assertThat(required(answer).accepts().getFirst().extra().channelState()).isEmpty();
  }

  @Test
  void aReplayIsNotServedAgainAndSaysWhatWasPaid() {
    var header = payer.voucher(PRICE, PRICE);
    assertThat(gateway.paid(route, header).statusCode()).isEqualTo(200);

    var again = gateway.paid(route, header);

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(code(again)).isEqualTo("already-served");
    assertThat(receipt(again).chargedAmount()).contains(Amount.of(PRICE));
    assertThat(again.body()).doesNotContain(Upstream.SECRET);
    assertThat(gateway.upstream.requests).hasSize(1);
  }

  @Test
  void aPaymentIdentifierNamesThePayment() {
    var id = "order-0123456789abcdef-" + payer.salt().toString().substring(60);
    assertThat(gateway.paid(route, payer.named(PRICE, PRICE, id)).statusCode()).isEqualTo(200);
    assertThat(gateway.paid(route, payer.named(PRICE, PRICE, id)).statusCode()).isEqualTo(409);
    var keys = gateway.hub.received(PaymentCommand.Reserve.class);
    assertThat(keys.getFirst().request().idempotencyKey()).startsWith("id:");
    assertThat(keys.getFirst().request().idempotencyKey())
        .isEqualTo(keys.getLast().request().idempotencyKey());
  }

  @Test
  void aClientOutOfStepIsToldWhereItStands() {
    assertThat(gateway.paid(route, payer.voucher(PRICE, PRICE)).statusCode()).isEqualTo(200);

    var answer = gateway.paid(route + "/other", payer.voucher(PRICE, PRICE));

    assertThat(answer.statusCode()).isEqualTo(402);
    var required = required(answer);
    assertThat(required.error())
        .isEqualTo("invalid_batch_settlement_evm_cumulative_amount_mismatch");
    var extra = required.accepts().getFirst().extra();
    assertThat(extra.channelState().orElseThrow().chargedCumulativeAmount())
        .isEqualTo(Amount.of(PRICE));
    assertThat(extra.voucherState().orElseThrow().signedMaxClaimable()).isEqualTo(Amount.of(PRICE));
    assertThat(answer.headers().map()).doesNotContainKey("payment-response");
  }

  @Test
  void aBusyChannelIsWaitedForAndThenCorrected() throws Exception {
    var inside = new CompletableFuture<Void>();
    var go = new CompletableFuture<Void>();
    gateway.upstream.handler =
        (exchange, _) -> {
          inside.complete(null);
          go.join();
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };
    var first =
        CompletableFuture.supplyAsync(() -> gateway.paid(route, payer.voucher(PRICE, PRICE)));
    inside.get();

    var second = gateway.paid(route + "/2", payer.voucher(PRICE, PRICE));
    go.complete(null);

    assertThat(second.statusCode()).isEqualTo(402);
    assertThat(required(second).error()).endsWith("cumulative_amount_mismatch");
    assertThat(first.get().statusCode()).isEqualTo(200);
  }

  @Test
  void anotherPriceIsNoneOfOurOffers() {
    var answer = gateway.paid(route, payer.voucher(PRICE - 1, PRICE - 1));

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(required(answer).error()).isEqualTo("No matching payment requirements");
  }

  @Test
  void whenChannelServiceIsAwayPaymentsAreAskedToComeBack() {
    gateway.hub.before = _ -> Optional.of(503);

    var answer = gateway.paid(route, payer.voucher(PRICE, PRICE));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(header(answer, "Retry-After")).isNotEmpty();
    assertThat(gateway.upstream.requests).isEmpty();
    sleep(Duration.ofMillis(1_500));
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
