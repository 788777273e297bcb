package millrace.bench.api;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import millrace.bench.Progress;
import millrace.bench.hub.SeededHub;
import millrace.standalone.demo.HubApi;
import org.HdrHistogram.Histogram;

/// A hub of processes whose merchant has one endpoint, and payments from many channels.
final class WebhookBench implements AutoCloseable {
  private static final Path FOLDER = Path.of("bench", "target", "api").toAbsolutePath();
  private static final String WALLET = "api";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 20;

  private final int channels;
  private final Receiver receiver;
  private final SeededHub hub;
  private final HubApi api;
  private final String endpoint;
  private long accepted;

  WebhookBench(int channels) throws IOException, InterruptedException {
    this.channels = channels;
    receiver = new Receiver();
    hub = SeededHub.start(FOLDER, 1);
    hub.add(channels, WALLET, channels);
    api = new HubApi(hub.seller().gateway().toString(), hub.seller().apiKey());
    var url = receiver.url().toString();
    endpoint =
        api.post(
                "/v1/webhook_endpoints", Map.of("url", url, "events", List.of("payment.succeeded")))
            .path("id")
            .asString();
  }

  URI gateway() {
    return hub.seller().gateway();
  }

  String apiKey() {
    return hub.seller().apiKey();
  }

  long gatewayPid() {
    return hub.gatewayPid();
  }

  /// Payments of the past for the lists; the seller's are every tenth.
  void seed(Instant begin, long seconds) {
    new PaymentSeed(hub.databaseUrl("gateway"), hub.seller().merchant(), hub.token(), begin)
        .add(seconds);
  }

  /// Payments at a rate, each told to the endpoint as it happens. Returns how old they were at the
  /// first attempt, in microseconds since their commit.
  Histogram ages(double perSecond, double seconds) throws InterruptedException {
    var _ = receiver.ages();
    pay(perSecond, seconds);
    awaitAll();
    var ages = receiver.ages();
    Progress.say(
        "%,d webhooks: p50 %.0f ms, p99 %.0f ms, longest %.0f ms after the commit",
        ages.getTotalCount(),
        ages.getValueAtPercentile(50) / 1e3,
        ages.getValueAtPercentile(99) / 1e3,
        ages.getMaxValue() / 1e3);
    return ages;
  }

  /// Lets payments gather while the endpoint is off, and then tells of them all.
  double deliveriesPerSecond(double perSecond, double seconds) throws InterruptedException {
    switchTo(false);
    var since = Instant.now();
    int before = receiver.count();
    pay(perSecond, seconds);
    awaitQuiet();
    switchTo(true);
    long start = System.nanoTime();
    api.post("/v1/webhook_endpoints/" + endpoint + "/recover", Map.of("since", since.toString()));
    awaitAll();
    double took = (receiver.lastNanos() - start) / 1e9;
    int told = receiver.count() - before;
    Progress.say("%,d webhooks in %.1f s", told, took);
    return told / took;
  }

  private void pay(double perSecond, double seconds) {
    var report = hub.pay(WALLET, channels, perSecond, perSecond, seconds);
    accepted += report.accepted();
    Progress.say(
        "%,d payments, %,.0f/s, %d errors", report.accepted(), report.perSecond(), report.errors());
  }

  private void switchTo(boolean enabled) throws InterruptedException {
    api.patch("/v1/webhook_endpoints/" + endpoint, Map.of("enabled", enabled));
  }

  private void awaitAll() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (receiver.count() < accepted) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "only %,d of %,d payments were told".formatted(receiver.count(), accepted));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /// Returns when the gateway has heard of nothing new for a second.
  private void awaitQuiet() throws InterruptedException {
    var newest = "";
    while (true) {
      var listed = api.get("/v1/events?limit=1").path("data").path(0).path("id").asString("");
      if (listed.equals(newest)) return;
      newest = listed;
      Thread.sleep(Duration.ofSeconds(1));
    }
  }

  @Override
  public void close() {
    hub.close();
    receiver.close();
  }
}
