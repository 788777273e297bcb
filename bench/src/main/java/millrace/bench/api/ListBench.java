package millrace.bench.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import millrace.protocol.type.Ulid;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Pages of a hundred payments of one merchant: the newest, those after a payment somewhere in the
/// past, and those of one channel, each as often.
final class ListBench {
  private static final int PAGE = 100;
  private static final int DIGITS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern ROW = Pattern.compile("\"object\":\"payment\"");

  private final URI gateway;
  private final String apiKey;
  private final Instant begin;
  private final long seconds;

  ListBench(URI gateway, String apiKey, Instant begin, long seconds) {
    this.gateway = gateway;
    this.apiKey = apiKey;
    this.begin = begin;
    this.seconds = seconds;
  }

  /// In microseconds.
  Histogram ask(int clients, int each) throws InterruptedException {
    var micros = new ConcurrentHistogram(DIGITS);
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var threads = Executors.newFixedThreadPool(clients)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        var random = new Random(client);
        work.add(
            () -> {
              for (int i = 0; i < each; i++) {
                long start = System.nanoTime();
                ask(http, random, i % 3);
                micros.recordValue((System.nanoTime() - start) / 1_000);
              }
              return true;
            });
      }
      for (var done : threads.invokeAll(work)) done.get();
      return micros;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a list was not answered", failure.getCause());
    }
  }

  private void ask(HttpClient http, Random random, int kind)
      throws IOException, InterruptedException {
    var query =
        switch (kind) {
          case 0 -> "";
          case 1 -> "&starting_after=" + somewhere(random);
          default -> "&channel=" + channel(random);
        };
    var request =
        HttpRequest.newBuilder(gateway.resolve("/v1/payments?limit=" + PAGE + query))
            .header("Authorization", "Bearer " + apiKey)
            .timeout(TIMEOUT)
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    long rows = ROW.matcher(answer.body()).results().count();
    if (answer.statusCode() != 200 || rows != PAGE) {
      throw new IllegalStateException(
          "%s answered %d with %d payments".formatted(request.uri(), answer.statusCode(), rows));
    }
  }

  /// In the later half, so that a full page comes before it.
  private String somewhere(Random random) {
    var at = begin.plusSeconds(seconds / 2 + random.nextLong(seconds / 2));
    return "pay_" + Ulid.of(at, new byte[Ulid.RANDOM_BYTES]);
  }

  private static String channel(Random random) {
    var hex = HexFormat.of().toHexDigits(random.nextInt(PaymentSeed.CHANNELS));
    return "0x" + "0".repeat(56) + hex;
  }
}
