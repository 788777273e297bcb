package millrace.chain.rpc;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All nodes, asked in order until one answers. Every call may be repeated: reads by nature, and
/// a signed transaction because it can enter the chain once only.
final class Endpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
  private static final int BATCH = 50;

  private final List<Endpoint> endpoints;
  private final HttpClient http;
  private final Retry retry;

  Endpoints(RpcSettings settings) {
    http = HttpClient.newBuilder().connectTimeout(settings.timeout()).build();
    endpoints =
        settings.endpoints().stream()
            .map(uri -> new Endpoint(uri, settings.chainId(), settings.timeout(), http))
            .toList();
    retry =
        Retry.of(
            "rpc",
            RetryConfig.custom()
                .maxAttempts(settings.attempts())
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(100, 2.0))
                .retryOnException(
                    e -> e instanceof RpcUnavailable && !Thread.currentThread().isInterrupted())
                .build());
  }

  Answer ask(Invocation invocation) {
    return askAll(List.of(invocation)).getFirst();
  }

  /// Answers in the same order, in as few requests as the nodes' limits allow.
  List<Answer> askAll(List<Invocation> invocations) {
    var answers = new ArrayList<Answer>(invocations.size());
    for (int from = 0; from < invocations.size(); from += BATCH) {
      var batch = invocations.subList(from, Math.min(from + BATCH, invocations.size()));
      answers.addAll(retry.executeSupplier(() -> askInTurn(batch)));
    }
    return answers;
  }

  /// @throws WrongChain when a node that answers follows another chain
  void verify() {
    for (var endpoint : endpoints) {
      try {
        endpoint.exchange(List.of(new Invocation("eth_chainId")));
      } catch (RpcUnavailable e) {
        LOG.warn("not verified yet: {}", e.getMessage());
      }
    }
  }

  private List<Answer> askInTurn(List<Invocation> invocations) {
    var failure = new RpcUnavailable("no node answers");
    for (var endpoint : endpoints) {
      try {
        return endpoint.exchange(invocations);
      } catch (RpcUnavailable e) {
        failure.addSuppressed(e);
      } catch (WrongChain e) {
        LOG.error("a node is left out", e);
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
