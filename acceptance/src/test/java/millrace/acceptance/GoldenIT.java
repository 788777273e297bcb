package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.acceptance.Script.Step;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Goal: the same payments get the same answers and leave the same books, whether they come one
/// after the other, many at once, or by the batch. A failure names its seed.
class GoldenIT {
  private static final int STEPS = 150;
  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";
  private static GoldenHub hub;

  private long salt = System.nanoTime();

  @BeforeAll
  static void start() {
    hub = new GoldenHub();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theWayOfAskingChangesNoAnswer(long seed) throws Exception {
    var script = Script.of(seed, STEPS);

    var singly = perform(script, this::singly);
    var coalesced = perform(script, this::atOnce);
    double largest = hub.largestCall();
    var batched = perform(script, (stage, steps) -> inBatches(stage, steps, new Random(seed)));

    same("at once, seed " + seed, coalesced, singly);
    same("in batches, seed " + seed, batched, singly);
    assertThat(largest).as("commands have shared a call").isGreaterThan(1);
    variety(singly);
  }

  private static void same(String way, Performance performance, Performance expected) {
    for (int i = 0; i < expected.answers().size(); i++) {
      assertThat(performance.answers().get(i))
          .as("%s, step %d", way, i)
          .isEqualTo(expected.answers().get(i));
    }
    assertThat(performance.books()).as(way).isEqualTo(expected.books());
  }

  /// That the scripts ask for all there is.
  private static void variety(Performance performance) {
    var kinds =
        performance.answers().stream()
            .map(Answer::kind)
            .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()));
    assertThat(kinds)
        .containsKeys(
            "201",
            "200",
            "400 invalid-json",
            "402 invalid_batch_settlement_evm_cumulative_amount_mismatch",
            "402 invalid_batch_settlement_evm_voucher_signature",
            "402 invalid_batch_settlement_evm_channel_not_found",
            "402 No matching payment requirements");
    assertThat(kinds.get("201")).isGreaterThan(STEPS / 10);
  }

  private interface Way {
    List<Answer> answers(Stage stage, List<Step> steps) throws Exception;
  }

  /// Channels and a merchant that no other performance has.
  private record Stage(String merchant, Wallet wallet) {}

  private record Performance(List<Answer> answers, List<String> books) {}

  /// @param text with names for what differs, and without times
  private record Answer(int status, String code, long retryAfter, String text) {
    String kind() {
      return status < 300 ? "" + status : status + " " + code;
    }
  }

  private Performance perform(List<Step> script, Way way) throws Exception {
    var merchant = hub.merchant();
    var wallet = new Wallet(offers(merchant), Script.CHANNELS, salt += Script.CHANNELS);
    var funded = wallet.ids().subList(0, Script.UNKNOWN_CHANNEL);
    for (var channel : funded) hub.funded(channel, Wallet.BALANCE);
    hub.awaitHeard(funded);
    var answers = way.answers(new Stage(merchant, wallet), script);
    var books = new ArrayList<String>();
    for (var channel : wallet.ids()) {
      books.add(wallet.named(hub.channel(channel).map(JsonNode::toString).orElse("none")));
    }
    // Ids get their names in the order of the script, however the answers came.
    var named =
        answers.stream()
            .map(
                answer ->
                    new Answer(
                        answer.status(),
                        answer.code(),
                        answer.retryAfter(),
                        wallet.named(answer.text())))
            .toList();
    return new Performance(named, books);
  }

  private static Map<Long, PaymentRequirements> offers(String merchant) throws Exception {
    var offers = new HashMap<Long, PaymentRequirements>();
    for (long price : Script.PRICES) {
      var body = "{\"amount\":\"%d\",\"resource\":{\"url\":\"u\"}}".formatted(price);
      var made = hub.post("/v1/payment_requirements", merchant, JSON, body, Optional.empty());
      var header = GoldenHub.JSON.readTree(made.body()).get("payment_required").stringValue();
      var required = ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value();
      offers.put(price, required.accepts().getFirst());
    }
    return offers;
  }

  private List<Answer> singly(Stage stage, List<Step> steps) throws Exception {
    var answers = new ArrayList<Answer>();
    for (var step : steps) answers.add(single(stage, step));
    return answers;
  }

  /// All channels at once, each in its order.
  private List<Answer> atOnce(Stage stage, List<Step> steps) throws Exception {
    var answers = new Answer[steps.size()];
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var channels = new ArrayList<Callable<Boolean>>();
      for (int channel = 0; channel < Script.CHANNELS; channel++) {
        int own = channel;
        channels.add(
            () -> {
              for (int i = 0; i < answers.length; i++) {
                if (steps.get(i).channel() == own) answers[i] = single(stage, steps.get(i));
              }
              return true;
            });
      }
      for (var done : callers.invokeAll(channels)) assertThat(done.get()).isTrue();
    }
    return List.of(answers);
  }

  private static Answer single(Stage stage, Step step) throws IOException, InterruptedException {
    var answer =
        hub.post(
            "/v1/payments", stage.merchant(), JSON, step.body().apply(stage.wallet()), step.key());
    var retryAfter = answer.headers().firstValueAsLong("Retry-After").orElse(0);
    return answer(answer.statusCode(), retryAfter, GoldenHub.JSON.readTree(answer.body()));
  }

  private List<Answer> inBatches(Stage stage, List<Step> steps, Random random) throws Exception {
    var answers = new ArrayList<Answer>();
    for (int from = 0; from < steps.size(); ) {
      int to = Math.min(steps.size(), from + random.nextInt(1, 60));
      var body =
          steps.subList(from, to).stream()
              .map(step -> step.line(stage.wallet()) + "\n")
              .collect(Collectors.joining());
      var sent = hub.post("/v1/payments/batch", stage.merchant(), LINES, body, Optional.empty());
      answers.addAll(lines(sent));
      assertThat(answers).hasSize(to);
      from = to;
    }
    return answers;
  }

  private static List<Answer> lines(HttpResponse<String> sent) {
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
    var results = sent.body().lines().map(GoldenHub.JSON::readTree).toList();
    return IntStream.range(0, results.size())
        .mapToObj(
            i -> {
              var result = results.get(i);
              assertThat(result.get("line").intValue()).isEqualTo(i + 1);
              var body = result.has("payment") ? result.get("payment") : result.get("problem");
              return answer(
                  result.get("status").intValue(), result.path("retry_after").asLong(0), body);
            })
        .toList();
  }

  private static Answer answer(int status, long retryAfter, JsonNode body) {
    var plain = ((ObjectNode) body).without(List.of("request_id", "created_at"));
    for (var header : List.of("payment_required", "payment_response")) {
      if (plain.has(header)) {
        var decoded = Base64.getDecoder().decode(plain.get(header).stringValue());
        plain = plain.put(header, new String(decoded, UTF_8));
      }
    }
    return new Answer(status, plain.path("code").asString(""), retryAfter, plain.toString());
  }
}
