package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final String EVENT = "evt_" + "0".repeat(26);
  private static final String KEY = "key_" + "0".repeat(26);
  private static final String ADDRESS = "0x" + "1".repeat(40);

  @TempDir Path folder;

  private final FakeHub hub = new FakeHub();
  private final Shell shell = new Shell(hub);

  CommandsTest() throws IOException {}

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void aTriggerAsksForATypeAndPrintsTheEvent() {
    hub.on(
        "POST /v1/test_events", 201, "{\"id\":\"evt_1\",\"data\":{\"amount\":\"7\",\"x\":null}}");

    var said = shell.run(new TriggerCommand(), "payout.paid");

    assertThat(said.out()).isEqualTo("id           evt_1\ndata.amount  7\n");
    assertThat(hub.asked.getFirst().body()).isEqualTo("{\"type\":\"payout.paid\"}");
  }

  @Test
  void aTriggerWithoutATypeListsThem() {
    hub.on("GET /v1/event_types", 200, "{\"data\":[{\"id\":\"a.b\",\"description\":\"What.\"}]}");

    assertThat(shell.run(new TriggerCommand()).out()).contains("a.b").contains("What.");
  }

  /// Goal: books that differ are not mistaken for a hub that does not say.
  @Test
  void whoReconcilesIsToldApartWhetherTheBooksDifferOrNobodySaid() {
    hub.on("GET /v1/admin/reconciliation?journal=true", 200, books(true, "0"))
        .on("GET /v1/admin/reconciliation?journal=true", 200, books(false, "5"))
        .on("GET /v1/admin/reconciliation?journal=true", 401, "{\"detail\":\"no such key\"}")
        .on("GET /v1/admin/reconciliation?journal=true", 500, "{\"detail\":\"bug\"}");

    var agree = shell.run(new ReconcileCommand(), "--journal");
    assertThat(agree.code()).isZero();
    assertThat(agree.out()).contains("ok  ledger_balance").contains("Everything agrees.");

    var differ = shell.run(new ReconcileCommand(), "--journal", "--json");
    assertThat(differ.code()).isEqualTo(1);
    assertThat(differ.objects().getFirst().path("agrees").asBoolean(true)).isFalse();

    assertThat(shell.run(new ReconcileCommand(), "--journal").code()).isEqualTo(4);
    assertThat(shell.run(new ReconcileCommand(), "--journal").code()).isEqualTo(5);
  }

  @Test
  void whoReconcilesIsTheOperatorByEitherOption() {
    hub.on("GET /v1/admin/reconciliation", 200, books(true, "0"));

    Shell.bare(new ReconcileCommand(), "--url", hub.url(), "--operator-key", "op_1");

    assertThat(hub.asked.getFirst().header("Authorization")).isEqualTo("Bearer op_1");
  }

  private static String books(boolean agrees, String difference) {
    return """
    {"agrees":%s,"asset":"0x1","block":7,
     "lines":[{"name":"ledger_balance","left":"5","left_source":"ledger","right":"0",
       "right_source":"rule","difference":"%s"}],
     "vault":{"held":"0","unsettled":"0","owed":"0","promised":"0","payers":"0","fees":"0",
       "unpromised":"0","reserve":"0"}}
    """
        .formatted(agrees, difference);
  }

  @Test
  void anEventIsSentAgainToEveryEndpointThatIsOnAndListensToItsType() {
    hub.on("GET /v1/events/" + EVENT, 200, "{\"id\":\"" + EVENT + "\",\"type\":\"a.b\"}")
        .on(
            "GET /v1/webhook_endpoints?limit=100",
            200,
            """
            {"data":[{"id":"we_1","status":"healthy","events":["c.d","a.b"]},
              {"id":"we_2","status":"disabled","events":["a.b"]},
              {"id":"we_3","status":"failing","events":["c.d"]}]}
            """)
        .on(resend("we_1"), 202, "{\"id\":\"" + EVENT + "\"}");

    var said = shell.run(new EventsCommand.Resend(), EVENT);

    assertThat(said.code()).isZero();
    assertThat(hub.asked.getLast().what()).isEqualTo(resend("we_1"));
    assertThat(hub.asked).hasSize(3);
  }

  @Test
  void anEventThatNobodyListensToIsSentToWhoIsNamed() {
    hub.on("GET /v1/events/" + EVENT, 200, "{\"type\":\"a.b\"}")
        .on("GET /v1/webhook_endpoints?limit=100", 200, "{\"data\":[]}");
    var endpoint = "we_" + "0".repeat(26);
    hub.on(resend(endpoint), 202, "{}");

    assertThat(shell.run(new EventsCommand.Resend(), EVENT).code()).isEqualTo(1);
    assertThat(shell.run(new EventsCommand.Resend(), EVENT, "--endpoint", endpoint).code())
        .isZero();
    assertThat(shell.run(new EventsCommand.Resend(), "../x").code()).isEqualTo(2);
  }

  @Test
  void anEventCanBeSentFromHere() {
    var body = "{\"id\":\"" + EVENT + "\",\"type\":\"a.b\"}";
    hub.on("GET /v1/events/" + EVENT, 200, body).on("POST /hook", 204, "");

    var said =
        shell.run(
            new EventsCommand.Resend(),
            EVENT,
            "--forward-to",
            hub.url() + "/hook",
            "--state",
            folder.toString());

    assertThat(said.code()).isZero();
    assertThat(hub.asked("POST /hook").getFirst().body()).isEqualTo(body);
    hub.on("POST /hook", 500, "");
    assertThat(
            shell
                .run(
                    new EventsCommand.Resend(),
                    EVENT,
                    "-f",
                    hub.url() + "/nowhere",
                    "--state",
                    folder.toString())
                .code())
        .isEqualTo(1);
  }

  @Test
  void theTailBeginsWithTheLastOnesOldestFirstAndShowsNoneTwice() {
    hub.on(
            "GET /v1/payments?limit=2",
            200,
            "{\"data\":[{\"id\":\"pay_2\",\"amount\":\"2\"},{\"id\":\"pay_1\",\"amount\":\"1\"}]}")
        .streams(
            "GET /v1/events/stream?type=payment.succeeded", paid("pay_2", 2), paid("pay_3", 3));

    var said = shell.run(new PaymentsCommand.Tail(), "-n", "2", "--count", "1", "--json");

    assertThat(said.code()).isZero();
    assertThat(said.objects())
        .extracting(it -> it.path("id").stringValue())
        .containsExactly("pay_1", "pay_2", "pay_3");
  }

  @Test
  void aTailThatDoesNotFollowEnds() {
    hub.on("GET /v1/payments?limit=10", 200, "{\"data\":[]}");

    assertThat(shell.run(new PaymentsCommand.Tail(), "--no-follow").code()).isZero();
    assertThat(shell.run(new PaymentsCommand.Tail(), "-n", "101").code()).isEqualTo(2);
  }

  @Test
  void aMerchantIsMadeWithTheOperatorsKey() {
    hub.on(
        "POST /v1/merchants",
        201,
        "{\"merchant\":{\"id\":\"mer_1\"},\"api_key\":{\"secret\":\"s\"}}");

    var said =
        shell.run(
            new MerchantsCommand.Create(),
            "Shop & Sons",
            "--payout-address",
            ADDRESS,
            "--metadata",
            "a=b");

    assertThat(said.out()).contains("merchant.id     mer_1").contains("api_key.secret  s");
    var body = HubClient.JSON.readTree(hub.asked.getFirst().body());
    assertThat(body.path("name").stringValue()).isEqualTo("Shop & Sons");
    assertThat(body.path("metadata").path("a").stringValue()).isEqualTo("b");
    assertThat(shell.run(new MerchantsCommand.Create(), "X", "--payout-address", "0x1").code())
        .isEqualTo(2);
  }

  @Test
  void theKeyThatAsksIsFoundByItsHintAndRolled() {
    hub.on(
            "GET /v1/api_keys?limit=100",
            200,
            """
            {"data":[{"id":"key_x","hint":"sk_test_xyz…"},{"id":"%s","hint":"sk_test_ab…"}]}
            """
                .formatted(KEY))
        .on("POST /v1/api_keys/" + KEY + "/rotate", 200, "{\"secret\":\"sk_test_new\"}");

    var said = shell.run(new KeysCommand.Roll(), "--overlap", "2h");

    assertThat(said.out()).contains("sk_test_new");
    assertThat(hub.asked.getLast().body()).isEqualTo("{\"overlap_seconds\":7200}");
    assertThat(shell.run(new KeysCommand.Roll(), "--overlap", "soon").code()).isEqualTo(2);
    assertThat(shell.run(new KeysCommand.Roll(), "../../payouts").code()).isEqualTo(2);
  }

  @Test
  void aKeyThatUpKeepsIsReplacedThereWhenItIsRolled() throws IOException {
    var file = kept("sk_test_kept", hub.url() + "/x/rt_1");
    hub.on(
            "GET /v1/api_keys?limit=100",
            200,
            "{\"data\":[{\"id\":\"%s\",\"hint\":\"sk_test_kept…\"}]}".formatted(KEY))
        .on("POST /v1/api_keys/" + KEY + "/rotate", 200, "{\"secret\":\"sk_test_new\"}");
    var roll = new KeysCommand.Roll();
    roll.options.in(Map.of("MILLRACE_HOME", folder.toString()));

    assertThat(Shell.bare(roll).code()).isZero();

    assertThat(hub.asked.getFirst().header("Authorization")).isEqualTo("Bearer sk_test_kept");
    assertThat(Files.readString(file)).contains("sk_test_new").contains("op_1");
  }

  @Test
  void keysThatLieAboutHereGoToNoOtherMachine() throws IOException {
    kept("sk_test_kept", hub.url() + "/x/rt_1");
    var tail = new PaymentsCommand.Tail();
    tail.options.in(
        Map.of("MILLRACE_HOME", folder.toString(), "MILLRACE_URL", "https://hub.example.com"));

    var said = Shell.bare(tail, "--no-follow");

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("no key");
  }

  @Test
  void whatIsSaidGoesBeforeTheEnvironmentAndThatBeforeWhatIsKept() throws IOException {
    kept("sk_test_kept", "http://127.0.0.1:1/x/rt_1");
    hub.on("GET /v1/payments?limit=10", 200, "{\"data\":[]}");
    var environment =
        Map.of(
            "MILLRACE_HOME", folder.toString(),
            "MILLRACE_URL", hub.url(),
            "MILLRACE_API_KEY", "sk_test_env");
    for (var said : new String[] {"", "sk_test_said"}) {
      var tail = new PaymentsCommand.Tail();
      tail.options.in(environment);
      var more = said.isEmpty() ? new String[] {} : new String[] {"--key", said};
      assertThat(
              Shell.bare(
                      tail,
                      Stream.concat(Stream.of("--no-follow"), Stream.of(more))
                          .toArray(String[]::new))
                  .code())
          .isZero();
    }
    assertThat(hub.asked)
        .extracting(it -> it.header("Authorization"))
        .containsExactly("Bearer sk_test_env", "Bearer sk_test_said");
  }

  @Test
  void aPayoutIsAskedForOnceHoweverOftenTheHubIsAskedAndARefusalIsSaid() {
    hub.on("POST /v1/payouts", 503, "{}").on("POST /v1/payouts", 201, "{\"id\":\"po_1\"}");

    var said = shell.run(new PayoutsCommand.Create(), "--amount", "150", "--json");

    assertThat(said.objects().getFirst().path("id").stringValue()).isEqualTo("po_1");
    assertThat(hub.asked)
        .extracting(it -> it.header("Idempotency-key"))
        .hasSize(2)
        .containsOnly(hub.asked.getFirst().header("Idempotency-key"));
    assertThat(hub.asked.getFirst().body()).isEqualTo("{\"amount\":\"150\"}");
    for (var wrong : new String[] {"0", "-1", "1.5", "1e3", "x"}) {
      assertThat(shell.run(new PayoutsCommand.Create(), "--amount", wrong).code()).isEqualTo(2);
    }
  }

  @Test
  void whoeverIsNotAnsweredIsToldHowToAskAgain() {
    hub.on("POST /v1/payouts", exchange -> exchange.close());

    var said = shell.run(new PayoutsCommand.Create(), "--idempotency-key", "mine");

    assertThat(said.code()).isEqualTo(5);
    assertThat(said.err()).contains("--idempotency-key mine");
  }

  @Test
  void aRefusalIsAProblemInJsonAsWell() {
    hub.on("POST /v1/payouts", 422, "{\"detail\":\"Too little.\",\"code\":\"insufficient-funds\"}");

    var said = shell.run(new PayoutsCommand.Create(), "--json");

    assertThat(said.code()).isEqualTo(4);
    assertThat(said.objects().getFirst().path("code").stringValue())
        .isEqualTo("insufficient-funds");
    assertThat(said.err()).contains("Too little.");
  }

  private Path kept(String key, String route) throws IOException {
    Files.createDirectories(folder.resolve("hub"));
    return Files.writeString(
        folder.resolve("hub").resolve("sample.json"),
        "{\"operator_key\":\"op_1\",\"merchant_key\":\"%s\",\"route_url\":\"%s\"}"
            .formatted(key, route));
  }

  private static String resend(String endpoint) {
    return "POST /v1/webhook_endpoints/" + endpoint + "/deliveries/" + EVENT + "/resend";
  }

  private static String paid(String id, int amount) {
    var data = "{\"data\":{\"id\":\"%s\",\"amount\":\"%d\"}}".formatted(id, amount);
    return "id:evt_%d\nevent:payment.succeeded\ndata:%s\n\n".formatted(amount, data);
  }
}
