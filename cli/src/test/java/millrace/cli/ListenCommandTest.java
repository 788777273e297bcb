package millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import millrace.cli.FakeHub.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenCommandTest {
  private static final String STREAM = "GET /v1/events/stream";
  private static final String HOOK = "POST /hook";

  @TempDir Path state;

  private final FakeHub hub = new FakeHub();
  private final FakeHub shop = new FakeHub();
  private final Shell shell = new Shell(hub);

  ListenCommandTest() throws IOException {}

  @AfterEach
  void close() {
    hub.close();
    shop.close();
  }

  @Test
  void eachEventIsForwardedInOrderWithItsOwnBytesAndASignatureThatHolds() throws Exception {
    hub.streams(STREAM, FakeHub.frame("evt_1", "payout.paid"), FakeHub.frame("evt_2", "x.y"));
    shop.on(HOOK, 204, "");

    var said = listen("--count", "2");

    assertThat(said.code()).isZero();
    assertThat(said.err()).contains("evt_1", "evt_2");
    assertThat(shop.asked)
        .extracting(it -> it.header("Webhook-id"))
        .containsExactly("evt_1", "evt_2");
    assertThat(shop.asked.getFirst().body())
        .isEqualTo("{\"id\":\"evt_1\",\"type\":\"payout.paid\",\"data\":{\"amount\":\"7\"}}");
    var secret = Files.readString(state.resolve("secret"));
    assertThat(said.err()).contains("signing secret is " + secret);
    for (var sent : shop.asked) verify(secret, sent);
    assertThatThrownBy(() -> verify("whsec_" + "A".repeat(32), shop.asked.getFirst()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void theSecretStaysTheSameAndIsForItsOwnerAlone() throws Exception {
    hub.streams(STREAM, FakeHub.frame("evt_1", "x.y"));
    shop.on(HOOK, 204, "");

    listen("--count", "1");
    var first = Files.readString(state.resolve("secret"));
    listen("--count", "1");

    assertThat(Files.readString(state.resolve("secret"))).isEqualTo(first);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("secret"))))
        .isEqualTo("rw-------");
    var other = "whsec_" + "B".repeat(32);
    assertThat(listen("--count", "1", "--secret", other).err()).contains(other);
    verify(other, shop.asked.getLast());
  }

  @Test
  void aLineThatIsLostIsTakenUpAfterTheLastEvent() {
    hub.streams(STREAM, FakeHub.frame("evt_1", "x.y"))
        .on(STREAM, 503, "{}")
        .streams(STREAM, FakeHub.frame("evt_2", "x.y"));
    shop.on(HOOK, 204, "");

    assertThat(listen("--count", "2").code()).isZero();

    assertThat(hub.asked(STREAM))
        .extracting(it -> it.header("Last-event-id"))
        .containsExactly("", "evt_1", "evt_1");
    assertThat(shop.asked).hasSize(2);
  }

  @Test
  void aLineThatIsLostBeforeItsFirstEventIsTakenUpWhereItBegan() {
    hub.on("GET /v1/events?limit=1", 200, "{\"data\":[{\"id\":\"evt_0\"}]}")
        .streams(STREAM)
        .streams(STREAM, FakeHub.frame("evt_1", "x.y"));

    assertThat(listen("--count", "1").code()).isZero();

    assertThat(hub.asked(STREAM))
        .extracting(it -> it.header("Last-event-id"))
        .containsExactly("evt_0", "evt_0");
  }

  @Test
  void aLineThatIsSilentForTooLongIsTakenUpAgain() {
    hub.on(
            STREAM,
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write(FakeHub.frame("evt_1", "x.y").getBytes(UTF_8));
              exchange.getResponseBody().flush();
              pause();
            })
        .streams(STREAM, FakeHub.frame("evt_2", "x.y"));

    assertThat(
            shell
                .run(
                    new ListenCommand(),
                    "--silence",
                    "1",
                    "--count",
                    "2",
                    "--state",
                    state.toString())
                .code())
        .isZero();

    assertThat(hub.asked(STREAM).getLast().header("Last-event-id")).isEqualTo("evt_1");
  }

  @Test
  void aLaterRunGoesOnWhereThisOneEndedIfItIsAskedTo() {
    hub.streams(STREAM, FakeHub.frame("evt_1", "x.y"), FakeHub.frame("evt_2", "x.y"));
    shop.on(HOOK, 500, "");

    listen("--count", "1");
    listen("--count", "1", "--resume");
    listen("--count", "1");
    listen("--count", "1", "--after", "evt_7");

    assertThat(hub.asked(STREAM))
        .extracting(it -> it.header("Last-event-id"))
        .containsExactly("", "evt_1", "", "evt_7");
  }

  @Test
  void whatTheServerSaysIsShownAndTheNextEventGoesOutAllTheSame() {
    hub.streams(STREAM, FakeHub.frame("evt_1", "x.y"), FakeHub.frame("evt_2", "x.y"));
    shop.on(HOOK, 500, "").on(HOOK, exchange -> exchange.close());

    var objects = listen("--count", "2", "--json").objects();

    assertThat(objects.get(0).path("status").intValue()).isEqualTo(500);
    assertThat(objects.get(0).path("event").path("id").stringValue()).isEqualTo("evt_1");
    assertThat(objects.get(1).has("status")).isFalse();
    assertThat(objects.get(1).path("error").stringValue()).isNotEmpty();
  }

  @Test
  void onlyTheTypesThatWereAskedForAreRead() {
    hub.streams(
        STREAM + "?type=payout.paid%2Cpayout.failed", FakeHub.frame("evt_1", "payout.paid"));

    var said =
        shell.run(
            new ListenCommand(),
            "-e",
            "payout.paid,payout.failed",
            "--count",
            "1",
            "--state",
            state.toString());

    assertThat(said.code()).isZero();
    assertThat(said.out()).contains("--> payout.paid [evt_1]");
  }

  @Test
  void aHubThatRefusesOrIsAwayIsSaid() {
    hub.on(STREAM, 401, "{\"detail\":\"The API key is not valid.\",\"request_id\":\"req_1\"}");
    var refused = listen("--count", "1");
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err()).contains("The API key is not valid. [req_1]");
    assertThat(hub.asked(STREAM)).hasSize(1);

    hub.close();
    assertThat(listen("--count", "1").code()).isEqualTo(5);
  }

  @Test
  void whatMakesNoSenseIsUsage() {
    assertThat(listen("--secret", "hunter2").code()).isEqualTo(2);
    assertThat(listen("--resume", "--after", "evt_1").code()).isEqualTo(2);
    assertThat(shell.run(new ListenCommand(), "--forward-to", "ftp://x").code()).isEqualTo(2);
    assertThat(hub.asked).isEmpty();
  }

  private Shell.Said listen(String... more) {
    var arguments =
        new ArrayList<>(List.of("--forward-to", shop.url() + "/hook", "--state", state.toString()));
    arguments.addAll(List.of(more));
    return shell.run(new ListenCommand(), arguments.toArray(String[]::new));
  }

  private static void verify(String secret, Asked sent) throws WebhookVerificationException {
    var headers = new HashMap<String, List<String>>();
    sent.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    new Webhook(secret).verify(sent.body(), headers);
  }

  private static void pause() {
    try {
      Thread.sleep(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
