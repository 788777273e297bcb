package millrace.chain.rpc;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import millrace.protocol.type.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All nodes, asked in order until one answers. Every call may be repeated: reads by nature, and
/// a signed transaction because it can enter the chain once only.
final class Endpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
  private static final int BATCH = 50;
  private static final Duration HEADS_INTERVAL = Duration.ofSeconds(2);

  /// Nodes are a block or two apart at any moment; a node this far behind the others is asked last.
  private static final long MAX_LAG = 5;

  /// With fewer nodes than this the one that is furthest sets the pace; with as many, the second,
  /// so that one node alone cannot make all others look slow.
  private static final int MANY = 3;

  private final List<Endpoint> endpoints;
  private final HttpClient http;
  private final Retry retry;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong headsAskedAt =
      new AtomicLong(System.nanoTime() - HEADS_INTERVAL.toNanos());

  Endpoints(RpcSettings settings) {
    http = HttpClient.newBuilder().connectTimeout(settings.timeout()).build();
    endpoints =
        settings.endpoints().stream()
            .map(uri -> new Endpoint(uri, settings.chainId(), settings.timeout(), http))
            .toList();
    retry = retry(settings);
  }

  /// One node, with what is known of it.
  private Endpoints(Endpoints all, Endpoint one) {
    http = all.http;
    retry = all.retry;
    endpoints = List.of(one);
  }

  /// Each node by itself. They are to be closed with this one, not alone.
  List<Endpoints> each() {
    return endpoints.stream().map(endpoint -> new Endpoints(this, endpoint)).toList();
  }

  private static Retry retry(RpcSettings settings) {
    return Retry.of(
        "rpc",
        RetryConfig.custom()
            .maxAttempts(settings.attempts())
            .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(100, 2.0))
            .retryOnException(
                e -> e instanceof RpcUnavailable && !Thread.currentThread().isInterrupted())
            .build());
  }

  <T> T ask(Question<T> question) {
    return askAll(List.of(question)).getFirst();
  }

  /// Answers in the same order, in as few requests as the nodes' limits allow.
  <T> List<T> askAll(List<Question<T>> questions) {
    askHeads();
    var answers = new ArrayList<T>(questions.size());
    for (int from = 0; from < questions.size(); from += BATCH) {
      var batch = questions.subList(from, Math.min(from + BATCH, questions.size()));
      answers.addAll(retry.executeSupplier(() -> askInTurn(batch)));
    }
    return answers;
  }

  /// Asks as [#ask(Question)] does and lets all other nodes hear of it, without waiting for what
  /// they say: one that takes something and keeps it to itself then keeps it from nobody.
  <T> T tellAll(Question<T> question) {
    if (endpoints.size() > 1) {
      for (var endpoint : endpoints) threads.execute(() -> tell(endpoint, question));
    }
    return ask(question);
  }

  private static <T> void tell(Endpoint endpoint, Question<T> question) {
    try {
      endpoint.exchange(List.of(question));
    } catch (RpcUnavailable | RpcFault | WrongChain e) {
      LOG.debug("was not told", e);
    }
  }

  /// How the nodes stand, as far as it is known by now.
  Agreement agreement() {
    askHeads();
    if (endpoints.size() == 1) return new Agreement(1, 0, 0, 0);
    long pace = pace();
    int silent = 0;
    int lagging = 0;
    int contradicted = 0;
    for (var endpoint : endpoints) {
      if (endpoint.silent()) silent++;
      else if (lags(endpoint, pace)) lagging++;
      else if (endpoint.contradicted()) contradicted++;
    }
    return new Agreement(endpoints.size(), silent, lagging, contradicted);
  }

  /// @throws WrongChain when a node that answers follows another chain
  void verify() {
    var chainId = new Question<>(new Invocation("eth_chainId"), Answer::orThrow);
    for (var endpoint : endpoints) {
      try {
        endpoint.exchange(List.of(chainId));
      } catch (RpcUnavailable e) {
        LOG.warn("not verified yet: {}", e.getMessage());
      }
    }
  }

  /// Whether more nodes have this block than another one in its place. Nodes that do not answer,
  /// or have not come that far, have no say; a single node always agrees with itself.
  boolean agreeOn(BlockId block) {
    if (endpoints.size() == 1) return true;
    var have = new ArrayList<Endpoint>();
    var haveAnother = new ArrayList<Endpoint>();
    forEach(
        endpoint -> {
          var side = hashAt(endpoint, block.number()).equals(block.hash()) ? have : haveAnother;
          synchronized (have) {
            side.add(endpoint);
          }
        });
    if (have.size() > haveAnother.size()) return true;
    LOG.error(
        "{} nodes have block {} as {} and {} have another: waiting for them to agree",
        have.size(),
        block.number(),
        block.hash(),
        haveAnother.size());
    if (have.size() < haveAnother.size()) have.forEach(Endpoint::contradict);
    return false;
  }

  private static Bytes32 hashAt(Endpoint endpoint, long number) {
    var invocation = new Invocation("eth_getBlockByNumber", Quantity.encode(number), false);
    var question = new Question<>(invocation, answer -> RpcJson.header(answer.orThrow()));
    return endpoint
        .exchange(List.of(question))
        .getFirst()
        .map(BlockHeader::hash)
        .orElseThrow(() -> new RpcUnavailable("the node has not come to block " + number));
  }

  /// Does something with all nodes at once. Those that fail are left out.
  private void forEach(Consumer<Endpoint> action) {
    var running =
        endpoints.stream()
            .map(
                endpoint ->
                    threads.submit(
                        () -> {
                          try {
                            action.accept(endpoint);
                          } catch (RpcUnavailable | RpcFault | WrongChain e) {
                            LOG.debug("has no say", e);
                          }
                        }))
            .toList();
    for (var task : running) {
      try {
        task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RpcUnavailable("the nodes were not waited for", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("asking all nodes", e.getCause());
      }
    }
  }

  private <T> List<T> askInTurn(List<Question<T>> questions) {
    var failure = new RpcUnavailable("no node answers");
    for (var endpoint : ranked()) {
      try {
        return endpoint.exchange(questions);
      } catch (RpcUnavailable e) {
        failure.addSuppressed(e);
      } catch (WrongChain e) {
        LOG.error("a node is left out", e);
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  /// In order of preference, but those last that lag behind or were contradicted.
  private List<Endpoint> ranked() {
    if (endpoints.size() == 1) return endpoints;
    long pace = pace();
    return endpoints.stream()
        .sorted(Comparator.comparing(e -> e.contradicted() || lags(e, pace)))
        .toList();
  }

  private long pace() {
    var heads = endpoints.stream().map(Endpoint::head).sorted(Comparator.reverseOrder()).toList();
    return heads.get(heads.size() >= MANY ? 1 : 0);
  }

  private static boolean lags(Endpoint endpoint, long pace) {
    return endpoint.head() >= 0 && endpoint.head() < pace - MAX_LAG;
  }

  /// Keeps up to date how far each node is, beside the requests of others.
  private void askHeads() {
    if (endpoints.size() == 1) return;
    long last = headsAskedAt.get();
    long now = System.nanoTime();
    if (now - last < HEADS_INTERVAL.toNanos() || !headsAskedAt.compareAndSet(last, now)) return;
    for (var endpoint : endpoints) threads.execute(endpoint::askHead);
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
