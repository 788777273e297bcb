package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.testkit.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// More than a very small gateway can do: those inside are served, the others learn at once that
/// they are not.
class OverloadIT {
  private static final String LINES = "application/x-ndjson";
  private static GatewayFixture gateway;
  private static Account merchant;
  private static Account other;
  private static Account third;

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch go = new CountDownLatch(1);
  private final Semaphore arrived = new Semaphore(0);

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of(
                "millrace.gateway.channel-service.call-timeout", "60s",
                "millrace.gateway.channel-service.patience", "60s",
                "millrace.gateway.admission.requests", 2,
                "millrace.gateway.admission.paid-requests", 1,
                "millrace.gateway.payment-batch.at-once", 2,
                "millrace.gateway.payment-batch.at-once-of-merchant", 1,
                "millrace.gateway.payment-batch.body-wait", "1s",
                "spring.datasource.hikari.maximum-pool-size", 2,
                "spring.datasource.hikari.connection-timeout", "500"));
    merchant = gateway.merchant();
    other = gateway.merchant();
    third = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void holdCharges() {
    gateway.hub.before = this::hold;
  }

  @AfterEach
  void letGo() {
    go.countDown();
    callers.close();
    gateway.hub.forget();
    gateway.upstream.reset();
  }

  @Test
  void whoFindsNoPlaceIsSentAwayAtOnceAndUnread() throws Exception {
    var inside =
        List.of(callers.submit(() -> pay(Payer.fresh())), callers.submit(() -> pay(Payer.fresh())));
    awaitArrival();
    awaitInFlight(2);

    long start = System.nanoTime();
    var refused = gateway.post(merchant, "/v1/payments", "not even JSON");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(code(refused)).isEqualTo("overloaded");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");

    go.countDown();
    for (var payment : inside) assertThat(payment.get().statusCode()).isEqualTo(201);
    assertThat(pay(Payer.fresh()).statusCode()).isEqualTo(201);
  }

  @Test
  void whoSendsSlowlyTakesNoPlace() throws IOException {
    go.countDown();
    var slow = new ArrayList<RawClient>();
    try {
      for (int i = 0; i < 5; i++) {
        var client = RawClient.of(gateway);
        slow.add(client);
        client.send(client.head("/v1/payments", merchant, "application/json", 1_000) + "{");
      }
      pause(200);
      assertThat(pay(Payer.fresh()).statusCode()).isEqualTo(201);
    } finally {
      for (var client : slow) client.close();
    }
  }

  @Test
  void aPaywallSendsThePaidAwayAndStillSells() throws Exception {
    go.countDown();
    var route = gateway.route(merchant, "10", "");
    var inside = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    gateway.upstream.handler =
        (exchange, _) -> {
          inside.countDown();
          await(answer);
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };
    var first = callers.submit(() -> gateway.paid(route, Payer.fresh().voucher(10, 10)));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();

    var refused = gateway.paid(route, Payer.fresh().voucher(10, 10));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(code(refused)).isEqualTo("overloaded");
    assertThat(gateway.send(gateway.request("GET", route, "nobody")).statusCode()).isEqualTo(402);

    answer.countDown();
    assertThat(first.get().statusCode()).isEqualTo(200);
    // The place is free a moment after the answer has arrived.
    Awaitility.await()
        .until(() -> gateway.paid(route, Payer.fresh().voucher(10, 10)).statusCode() == 200);
  }

  @Test
  void batchesHavePlacesOfTheirOwnAndNobodyHasAllOfThem() throws Exception {
    var first = callers.submit(() -> batch(merchant, Payer.fresh()));
    awaitArrival();
    var again = batch(merchant, Payer.fresh());
    assertThat(again.statusCode()).isEqualTo(429);
    assertThat(again.headers().firstValue("Retry-After")).isPresent();

    var second = callers.submit(() -> batch(other, Payer.fresh()));
    awaitArrival();
    var refused = batch(third, Payer.fresh());
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(code(refused)).isEqualTo("overloaded");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();

    go.countDown();
    assertThat(first.get().body()).contains("\"status\":201");
    assertThat(second.get().body()).contains("\"status\":201");
    assertThat(batch(third, Payer.fresh()).body()).contains("\"status\":201");
  }

  @Test
  void aBatchThatComesSlowlyHoldsNothingAndIsCutOff() throws Exception {
    go.countDown();
    var line = BatchIT.line(Payer.fresh().voucher(10, 10), "10") + "\n";
    try (var slow = RawClient.of(gateway);
        var slower = RawClient.of(gateway)) {
      slow.send(slow.head("/v1/payments/batch", merchant, LINES, 100_000) + line);
      slower.send(slower.head("/v1/payments/batch", other, LINES, 100_000) + line);
      pause(200);
      // There are two connections to the database, and they are free.
      assertThat(gateway.get(third, "/v1/payments").statusCode()).isEqualTo(200);
      assertThat(pay(Payer.fresh()).statusCode()).isEqualTo(201);
      int paid = gateway.hub.commands.size();
      pause(1_000);
      slow.send(line);
      assertThat(slow.status()).isEqualTo(408);
      assertThat(gateway.hub.commands).hasSize(paid);
    }
    assertThat(batch(merchant, Payer.fresh()).body()).contains("\"status\":201");
  }

  private Optional<Integer> hold(PaymentCommand command) {
    arrived.release();
    await(go);
    return Optional.empty();
  }

  private static HttpResponse<String> pay(Payer payer) {
    return gateway.post(merchant, "/v1/payments", BatchIT.line(payer.voucher(10, 10), "10"));
  }

  private static HttpResponse<String> batch(Account account, Payer payer) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payments/batch", account.key())
            .setHeader("Content-Type", LINES)
            .POST(BodyPublishers.ofString(BatchIT.line(payer.voucher(10, 10), "10"))));
  }

  private void awaitArrival() throws InterruptedException {
    assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitInFlight(int requests) {
    var registry = gateway.context.getBean(MeterRegistry.class);
    Awaitility.await()
        .until(
            () ->
                registry.get("millrace.gateway.in_flight").tag("surface", "api").gauge().value()
                    == requests);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) throw new IllegalStateException("nobody let go");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
