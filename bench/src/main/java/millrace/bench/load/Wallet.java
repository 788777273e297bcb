package millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.Resource;

/// The channels of many payers with one seller.
final class Wallet {
  private static final Duration TIMEOUT = Duration.ofSeconds(200);
  private static final int BUSY_TRIES = 60;

  private final Offer offer;
  private final List<Purse> purses;

  private Wallet(Offer offer, List<Purse> purses) {
    this.offer = offer;
    this.purses = List.copyOf(purses);
  }

  /// Opens a channel for each of new payers, all at once, by a first paid request at the route.
  static Wallet open(Order.Open order, Consumer<String> progress) throws InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var offer = Prices.of(order.route());
      var terms = offer.terms();
      var purses = Keyring.purses(terms, order.seller(), order.channels());
      var payers = purses.stream().map(purse -> purse.key().address()).toList();
      Faucet.of(order.chain()).mint(terms.asset(), payers, Amount.of(order.deposit()));
      progress.accept("%d payers have tokens".formatted(payers.size()));
      var opened = new AtomicInteger();
      forEach(
          purses,
          purse -> {
            deposit(http, order, offer, purse);
            int count = opened.incrementAndGet();
            if (count % 64 == 0) progress.accept("%,d channels are open".formatted(count));
          });
      return new Wallet(offer, purses);
    }
  }

  /// Channels that are open without having paid.
  static Wallet adopt(Order.Adopt order) throws InterruptedException {
    var offer = Prices.of(order.route());
    return new Wallet(offer, Keyring.purses(offer.terms(), order.seller(), order.channels()));
  }

  List<Purse> first(int count) {
    if (count > purses.size()) {
      throw new IllegalArgumentException("there are only " + purses.size() + " channels");
    }
    return purses.subList(0, count);
  }

  long price() {
    return offer.terms().amount().units().longValueExact();
  }

  Resource resource() {
    return offer.resource();
  }

  Envelope envelope(Purse purse) {
    return Envelope.of(offer, purse.config(), purse.id());
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

  private static void deposit(HttpClient http, Order.Open order, Offer offer, Purse purse)
      throws IOException, InterruptedException {
    var payload =
        PayerKeys.of(purse.key())
            .deposit(
                offer.terms(),
                purse.config(),
                offer.terms().amount(),
                Amount.of(order.deposit()),
                purse.id().hash(),
                Instant.now());
    var header = Base64.getEncoder().encodeToString(offer.payment(payload).getBytes(UTF_8));
    var request =
        HttpRequest.newBuilder(order.route())
            .timeout(TIMEOUT)
            .header(Headers.PAYMENT_SIGNATURE, header)
            .GET()
            .build();
    var answers = new LinkedHashSet<String>();
    for (int tries = 0; ; tries++) {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200) break;
      // A deposit that is not confirmed in time is asked for again, by the same payment.
      answers.add("%d %s %s".formatted(answer.statusCode(), answer.body(), Prices.error(answer)));
      if (tries == BUSY_TRIES) {
        throw new IllegalStateException("a deposit was answered " + answers);
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
