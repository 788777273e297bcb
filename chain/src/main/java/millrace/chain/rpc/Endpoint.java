package millrace.chain.rpc;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One node. While its breaker is open it is not asked, so that a dead one costs no waiting.
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LIMIT_EXCEEDED = -32005;
  private static final int MAX_MESSAGE = 500;

  /// A node that hangs is found out after this many requests, and tried again one at a time.
  private static final int CALLS_TO_JUDGE = 3;

  private static final Duration SHORTEST_BREAK = Duration.ofSeconds(5);
  private static final Duration LONGEST_BREAK = Duration.ofSeconds(15);

  /// For how long a node is asked last after the others contradicted it.
  private static final Duration CONTRADICTION = Duration.ofSeconds(30);

  /// Long enough for a trial after the longest break.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final URI address;
  private final BigInteger chainId;
  private final HttpClient http;
  private final TimeLimiter limiter;
  private final CircuitBreaker breaker;
  private volatile boolean chainVerified;
  private volatile long head = -1;
  private volatile long heardAt = System.nanoTime();
  private volatile long contradictedAt = System.nanoTime() - CONTRADICTION.toNanos();

  Endpoint(URI address, BigInteger chainId, Duration timeout, HttpClient http) {
    this.address = address;
    this.chainId = chainId;
    this.http = http;
    this.limiter = TimeLimiter.of(timeout);
    this.breaker =
        CircuitBreaker.of(
            "rpc " + address.getHost(),
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(CALLS_TO_JUDGE)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialBackoff(SHORTEST_BREAK, 2, LONGEST_BREAK))
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .recordExceptions(RpcUnavailable.class)
                .build());
  }

  /// Answers in the order of the questions, each as its question reads it.
  ///
  /// @throws RpcUnavailable when the node does not answer, not with JSON-RPC, or nonsense
  /// @throws WrongChain when it follows another chain
  <T> List<T> exchange(List<Question<T>> questions) {
    try {
      return breaker.executeSupplier(() -> verifiedExchange(questions));
    } catch (CallNotPermittedException open) {
      throw new RpcUnavailable("the node at " + address.getHost() + " failed too often", open);
    } catch (RpcUnavailable e) {
      // What comes back after an outage may be another node behind the same address.
      chainVerified = false;
      throw e;
    }
  }

  private <T> List<T> verifiedExchange(List<Question<T>> questions) {
    verifyChain();
    var answers = post(questions.stream().map(Question::invocation).toList());
    var read = new ArrayList<T>(questions.size());
    for (int i = 0; i < questions.size(); i++) {
      read.add(read(questions.get(i), answers.get(i)));
    }
    return read;
  }

  private <T> T read(Question<T> question, Answer answer) {
    try {
      return question.reading().apply(answer);
    } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
      throw unavailable("answered what makes no sense", e);
    }
  }

  /// Asks how far the node is. One that does not say stays where it was.
  void askHead() {
    try {
      var question =
          new Question<>(
              new Invocation("eth_blockNumber"),
              answer -> Quantity.decodeLong(answer.orThrow().asString()));
      head = exchange(List.of(question)).getFirst();
      heardAt = System.nanoTime();
    } catch (RpcUnavailable | RpcFault | WrongChain e) {
      LOG.debug("no head", e);
    }
  }

  /// The newest block it told of; -1 when it was not asked yet.
  long head() {
    return head;
  }

  boolean silent() {
    return System.nanoTime() - heardAt > SILENCE.toNanos();
  }

  URI address() {
    return address;
  }

  void contradict() {
    contradictedAt = System.nanoTime();
  }

  boolean contradicted() {
    return System.nanoTime() - contradictedAt < CONTRADICTION.toNanos();
  }

  private void verifyChain() {
    if (chainVerified) return;
    var answer = post(List.of(new Invocation("eth_chainId"))).getFirst().orThrow();
    var actual = Quantity.decode(answer.asString());
    if (!actual.equals(chainId)) throw new WrongChain(address, chainId, actual);
    chainVerified = true;
  }

  private List<Answer> post(List<Invocation> invocations) {
    var requests = new ArrayList<Map<String, Object>>();
    for (int id = 0; id < invocations.size(); id++) requests.add(request(id, invocations.get(id)));
    // A single request goes without the array: not every node takes batches.
    Object body = requests.size() == 1 ? requests.getFirst() : requests;
    return answers(send(JSON.writeValueAsString(body)), invocations.size());
  }

  private static Map<String, Object> request(int id, Invocation invocation) {
    var request = new LinkedHashMap<String, Object>();
    request.put("jsonrpc", "2.0");
    request.put("id", id);
    request.put("method", invocation.method());
    request.put("params", invocation.parameters());
    return request;
  }

  private JsonNode send(String body) {
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var response =
          limiter.executeFutureSupplier(
              () -> http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
      if (response.statusCode() >= 300) {
        throw unavailable("answered with status " + response.statusCode(), null);
      }
      return JSON.readTree(response.body());
    } catch (RpcUnavailable e) {
      throw e;
    } catch (JacksonException e) {
      throw unavailable("did not answer with JSON", e);
    } catch (TimeoutException e) {
      throw unavailable("did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for", e);
    } catch (ExecutionException | IOException e) {
      throw unavailable("cannot be reached", e);
    } catch (Exception e) {
      throw new IllegalStateException("asking " + address.getHost(), e);
    }
  }

  private List<Answer> answers(JsonNode body, int count) {
    var answers = new @Nullable Answer[count];
    var nodes = body.isArray() ? body.values() : List.of(body);
    for (var node : nodes) {
      int id = node.path("id").asInt(-1);
      var error = node.get("error");
      if (id < 0 || id >= count) {
        // A node that could not even read the request names no id.
        throw error == null
            ? unavailable("answered something that was not asked", null)
            : unavailable("refused the request: " + error.path("message").asString(""), null);
      }
      answers[id] = error == null ? result(node) : fault(error);
    }
    var complete = new ArrayList<Answer>(count);
    for (var answer : Arrays.asList(answers)) {
      if (answer == null) throw unavailable("left a request unanswered", null);
      complete.add(answer);
    }
    return complete;
  }

  private Answer result(JsonNode node) {
    var value = node.get("result");
    if (value == null) throw unavailable("answered with neither result nor error", null);
    return new Answer.Result(value);
  }

  private Answer fault(JsonNode error) {
    int code = error.path("code").asInt(0);
    var message = printable(error.path("message").asString(""));
    if (code == LIMIT_EXCEEDED) throw unavailable("is overloaded: " + message, null);
    return new Answer.Fault(new RpcFault(code, message, revertData(error.get("data"))));
  }

  /// Nodes quote what a contract reverted with, which may be any bytes and any number of them.
  private static String printable(String message) {
    var text = message.replaceAll("\\p{Cntrl}", "?");
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }

  /// Nodes put it in different places, and some put text there instead.
  private static Bytes revertData(@Nullable JsonNode data) {
    if (data == null) return Bytes.EMPTY;
    var text = data.isObject() ? data.path("data").asString("") : data.asString("");
    try {
      return Bytes.of(text);
    } catch (IllegalArgumentException noHex) {
      return Bytes.EMPTY;
    }
  }

  private RpcUnavailable unavailable(String what, @Nullable Throwable cause) {
    var message = "the node at " + address.getHost() + " " + what;
    return cause == null ? new RpcUnavailable(message) : new RpcUnavailable(message, cause);
  }
}
