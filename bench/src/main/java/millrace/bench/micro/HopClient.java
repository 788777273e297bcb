package millrace.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import millrace.bench.Logs;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Deployment;
import org.HdrHistogram.ConcurrentHistogram;
import tools.jackson.databind.json.JsonMapper;

/// The gateway without its work, as a process of its own: callers that each send a command, wait
/// for its outcome, and send it again. Told what to do in lines of JSON; ends with its input.
public final class HopClient implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long HIGHEST_NANOS = Duration.ofMinutes(1).toNanos();
  static final HubTerms TERMS =
      new HubTerms(
          BigInteger.valueOf(31_337),
          Deployment.CANONICAL.channels(),
          Deployment.CANONICAL.depositCollector(),
          Address.of("0x" + "aa".repeat(20)),
          new HubTerms.Token(Address.of("0x" + "bb".repeat(20)), "USD Coin", "1", 6, "USDC"),
          900,
          Amount.of(10_000));

  private final Map<HopTransport, Hop> hops = new EnumMap<>(HopTransport.class);
  private final List<PaymentCommand> commands = new ArrayList<>();

  HopClient(HopServer.Ports server) {
    var url = URI.create("http://127.0.0.1:" + server.http());
    var settings = GatewayHop.settings(url);
    var timeout = settings.callTimeout();
    var http = new HttpCalls(url, timeout);
    hops.put(HopTransport.GATEWAY, new GatewayHop(settings));
    hops.put(HopTransport.HTTP_BATCHES, new BatchHop(settings, http));
    hops.put(
        HopTransport.GRPC_BATCHES, new BatchHop(settings, new GrpcCalls(server.grpc(), timeout)));
    hops.put(HopTransport.GRPC_SINGLE, new GrpcCalls(server.grpc(), timeout));
  }

  record Order(HopTransport transport, int callers, double seconds) {}

  /// @param seconds until the last answer
  record Report(long payments, double seconds, double p50Millis, double p99Millis) {}

  /// @param arguments where the server is, in JSON
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    Logs.onlyWarnings();
    try (var client = new HopClient(JSON.readValue(arguments[0], HopServer.Ports.class));
        var orders = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (var line = orders.readLine(); line != null; line = orders.readLine()) {
        var report = client.run(JSON.readValue(line, Order.class));
        System.out.println(JSON.writeValueAsString(report));
      }
    }
  }

  /// @throws ExecutionException when one payment was not taken
  Report run(Order order) throws InterruptedException, ExecutionException {
    for (int i = commands.size(); i < order.callers(); i++) {
      commands.add(payer(i + 1).next());
    }
    var hop = hop(order.transport());
    var latencies = new ConcurrentHistogram(HIGHEST_NANOS, 3);
    long start = System.nanoTime();
    long end = start + (long) (order.seconds() * 1e9);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var under = new ArrayList<Future<?>>();
      for (var command : commands.subList(0, order.callers())) {
        under.add(callers.submit(() -> repeat(hop, command, end, latencies)));
      }
      for (var caller : under) caller.get();
    }
    return new Report(
        latencies.getTotalCount(),
        (System.nanoTime() - start) / 1e9,
        latencies.getValueAtPercentile(50) / 1e6,
        latencies.getValueAtPercentile(99) / 1e6);
  }

  static PayingChannel payer(long number) {
    return PayingChannel.of(TERMS, number);
  }

  Hop hop(HopTransport transport) {
    var hop = hops.get(transport);
    if (hop == null) throw new IllegalArgumentException("no way over " + transport);
    return hop;
  }

  private static void repeat(
      Hop hop, PaymentCommand command, long end, ConcurrentHistogram latencies) {
    if (!(command instanceof Charge(var request))) throw new IllegalArgumentException("no charge");
    long sent = System.nanoTime();
    while (sent < end) {
      var outcome = hop.send(command);
      // A refusal or somebody else's outcome would be no payment.
      if (!(outcome instanceof Taken taken && taken.id().equals(request.id()))) {
        throw new IllegalStateException(outcome + " to " + request.id());
      }
      long answered = System.nanoTime();
      latencies.recordValue(Math.min(answered - sent, HIGHEST_NANOS));
      sent = answered;
    }
  }

  @Override
  public void close() {
    hops.values().forEach(Hop::close);
  }
}
