package millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;

/// The channels of many payers with one seller.
final class Wallet {
  private static final Duration TIMEOUT = Duration.ofSeconds(100);
  private static final int BUSY_TRIES = 200;

  private final PaymentRequirements offer;
  private final Resource resource;
  private final List<Purse> purses;

  private Wallet(PaymentRequirements offer, Resource resource, List<Purse> purses) {
    this.offer = offer;
    this.resource = resource;
    this.purses = List.copyOf(purses);
  }

  /// Opens a channel for each of new payers, all at once, by a first paid request at the route.
  static Wallet open(Order.Open order, Consumer<String> progress) throws InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var required = Prices.of(order.route());
      var offer = required.accepts().getFirst();
      var purses = new ArrayList<Purse>();
      for (int i = 0; i < order.channels(); i++) purses.add(purse(offer, order.seller(), i));
      var payers = purses.stream().map(purse -> purse.key().address()).toList();
      Faucet.of(order.chain()).mint(offer.asset(), payers, Amount.of(order.deposit()));
      progress.accept("%d payers have tokens".formatted(payers.size()));
      var opened = new AtomicInteger();
      forEach(
          purses,
          purse -> {
            deposit(http, order, required, offer, purse);
            int count = opened.incrementAndGet();
            if (count % 64 == 0) progress.accept("%,d channels are open".formatted(count));
          });
      return new Wallet(offer, required.resource(), purses);
    }
  }

  List<Purse> first(int count) {
    if (count > purses.size()) {
      throw new IllegalArgumentException("there are only " + purses.size() + " channels");
    }
    return purses.subList(0, count);
  }

  long price() {
    return offer.amount().units().longValueExact();
  }

  Resource resource() {
    return resource;
  }

  Envelope envelope(Purse purse) {
    return Envelope.of(offer, resource, purse.config(), purse.id());
  }

  /// @return how many signatures were missing
  int sign(int channels, int each) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      var work = first(channels).stream().map(purse -> signing(purse, each)).toList();
      int signed = 0;
      for (var done : threads.invokeAll(work)) signed += done.get();
      return signed;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a voucher was not signed", failure.getCause());
    }
  }

  private static Callable<Integer> signing(Purse purse, int each) {
    return () -> purse.sign(each);
  }

  private static Purse purse(PaymentRequirements offer, String seller, int number) {
    var key = SigningKey.of(Bytes32.of(Keccak.hash((seller + " " + number).getBytes(UTF_8))));
    var keys = PayerKeys.of(key);
    return new Purse(
        key,
        keys.deployment().domain(offer.network()),
        keys.channelFor(offer, Bytes32.ZERO),
        offer.amount().units().longValueExact());
  }

  private static void deposit(
      HttpClient http,
      Order.Open order,
      PaymentRequired required,
      PaymentRequirements offer,
      Purse purse)
      throws IOException, InterruptedException {
    var payload =
        PayerKeys.of(purse.key())
            .deposit(
                offer,
                purse.config(),
                offer.amount(),
                Amount.of(order.deposit()),
                purse.id().hash(),
                Instant.now());
    var header =
        new PaymentPayload(offer, payload, Optional.of(required.resource()), Extensions.NONE)
            .toHeader();
    var request =
        HttpRequest.newBuilder(order.route())
            .timeout(TIMEOUT)
            .header(Headers.PAYMENT_SIGNATURE, header)
            .GET()
            .build();
    for (int tries = 0; ; tries++) {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200) break;
      if (answer.statusCode() < 500 || tries == BUSY_TRIES) {
        throw new IllegalStateException(
            "a deposit was answered %d %s".formatted(answer.statusCode(), answer.body()));
      }
      Thread.sleep(500);
    }
    purse.sign(1);
    purse.acknowledged(1);
  }

  private static void forEach(List<Purse> purses, Step step) throws InterruptedException {
    var steps = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var purse : purses) {
        steps.add(
            threads.submit(
                () -> {
                  step.on(purse);
                  return null;
                }));
      }
      for (var done : steps) done.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a channel was not opened", failure.getCause());
    }
  }

  @FunctionalInterface
  private interface Step {
    void on(Purse purse) throws IOException, InterruptedException;
  }
}
