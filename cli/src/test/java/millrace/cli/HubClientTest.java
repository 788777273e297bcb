package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubClientTest {
  private static final String PAYOUTS = "POST /v1/payouts";

  private final FakeHub hub = new FakeHub();
  private final HubClient client =
      new HubClient(URI.create(hub.url()), "sk_test_abc", Duration.ofMillis(10));

  HubClientTest() throws IOException {}

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void whatHasAnIdempotencyKeyIsSentAgainWithTheSameOneUntilItIsAnswered() throws Exception {
    hub.on(PAYOUTS, 503, "{}").on(PAYOUTS, 409, "{}").on(PAYOUTS, 201, "{\"id\":\"po_1\"}");

    var answer = client.post("/v1/payouts", Map.of("amount", "5"), Optional.of("k"));

    assertThat(answer).isInstanceOf(Answer.Done.class);
    assertThat(hub.asked(PAYOUTS)).hasSize(3);
    assertThat(hub.asked).allSatisfy(it -> assertThat(it.header("Idempotency-key")).isEqualTo("k"));
    assertThat(hub.asked).allSatisfy(it -> assertThat(it.body()).isEqualTo("{\"amount\":\"5\"}"));
  }

  @Test
  void whatHasNoneIsSentOnce() throws Exception {
    hub.on(PAYOUTS, 503, "{\"detail\":\"later\"}");

    var answer = client.post("/v1/payouts", Map.of(), Optional.empty());

    assertThat(answer).isEqualTo(new Answer.Unknown("the hub answered 503: later"));
    assertThat(hub.asked(PAYOUTS)).hasSize(1);
  }

  @Test
  void aRefusalIsNotArguedWith() throws Exception {
    hub.on(PAYOUTS, 422, "{\"code\":\"insufficient-funds\"}");

    var answer = client.post("/v1/payouts", Map.of(), Optional.of("k"));

    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(hub.asked(PAYOUTS)).hasSize(1);
  }

  @Test
  void aHubThatHangsUpLeavesTheOutcomeUnknown() throws Exception {
    hub.on(PAYOUTS, exchange -> exchange.close());

    assertThat(client.post("/v1/payouts", Map.of(), Optional.empty()))
        .isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void whatIsNoJsonIsStillAnAnswer() throws Exception {
    hub.on("GET /v1/balance", 400, "<html>no</html>\nmore");

    var answer = client.get("/v1/balance");

    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(((Answer.Refused) answer).problem().path("detail").stringValue())
        .isEqualTo("<html>no</html>");
  }
}
