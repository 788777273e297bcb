package millrace.watchtower.merchant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;

/// `/health` and `/metrics`: for whoever watches the tower. Nothing can be changed here.
final class Operations implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final MerchantTower tower;
  private final InstantSource clock;
  private final HttpServer server;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  Operations(InetSocketAddress listen, MerchantTower tower, InstantSource clock) {
    this.tower = tower;
    this.clock = clock;
    try {
      server = HttpServer.create(listen, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + listen, e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", this::health);
    server.createContext("/metrics", exchange -> answer(exchange, 200, "text/plain", scraped()));
    gauges();
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void gauges() {
    gauge("promised", status -> status.promised().units().doubleValue());
    gauge("credited", status -> status.view().credited().units().doubleValue());
    gauge("paid", status -> status.view().paid().units().doubleValue());
    gauge("nodes.answering", MerchantTower.Status::nodes);
    gauge("head.age.seconds", status -> clock.instant().getEpochSecond() - status.view().time());
    gauge("gas.wei", status -> status.gasWei().doubleValue());
    metrics.gauge(name("hub.silence.seconds"), tower, it -> it.unheard().toMillis() / 1_000.0);
    for (var alarm : Alarm.values()) {
      metrics.gauge(
          name("alarm"),
          Tags.of("alarm", alarm.name().toLowerCase(Locale.ROOT)),
          tower,
          it -> it.alarms().isRinging(alarm) ? 1 : 0);
    }
  }

  private void gauge(String name, ToDoubleFunction<MerchantTower.Status> value) {
    metrics.gauge(
        name(name), tower, it -> it.status().map(value::applyAsDouble).orElse(Double.NaN));
  }

  private static String name(String name) {
    return "millrace.merchant.tower." + name;
  }

  private String scraped() {
    return metrics.scrape();
  }

  /// Well is a tower that looked at the chain lately. That the hub is silent is no fault of it.
  private void health(HttpExchange exchange) throws IOException {
    var status = tower.status();
    boolean up = status.map(it -> it.at().isAfter(clock.instant().minus(RECENT))).orElse(false);
    var body = JSON.createObjectNode();
    body.put("status", up ? "UP" : "DOWN");
    body.put("payee", tower.terms().payee().toString());
    body.put("vault", tower.terms().vault().toString());
    body.put("token", tower.terms().token().toString());
    body.put("gas_account", tower.account().toString());
    body.put("hub_silent_seconds", tower.unheard().toSeconds());
    var alarms = body.putArray("alarms");
    tower.alarms().ringing().stream()
        .map(alarm -> alarm.name().toLowerCase(Locale.ROOT))
        .sorted()
        .forEach(alarms::add);
    status.ifPresent(
        it -> {
          body.put("promised", it.promised().toString());
          body.put("credited", it.view().credited().toString());
          body.put("paid", it.view().paid().toString());
          body.put("block", it.view().block());
          body.put("gas_wei", it.gasWei().toString());
          body.put("doing", doing(it.verdict()));
        });
    answer(exchange, up ? 200 : 503, "application/json", body.toString());
  }

  private static String doing(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Wait wait -> wait.quiet().name().toLowerCase(Locale.ROOT);
      case Verdict.Redeem redeem -> "redeeming: " + redeem.reason().name().toLowerCase(Locale.ROOT);
    };
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    metrics.close();
  }
}
