package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./millrace drill withdraw` on a hub of real processes, as a job runs it.
class DrillIT {
  private static final int LIMIT_SECONDS = 60;
  private static final Map<String, String> OPERATOR =
      Map.of("Authorization", "Bearer " + Hub.OPERATOR_KEY);

  private final Hub hub;
  private final Path store;
  private final SigningKey key = Merchant.fresh("canary");

  DrillIT() throws Exception {
    hub = Hub.running();
    store = hub.directory().resolve("drill");
    hub.chain().fund(key.address(), Amount.of(1_000_000));
  }

  @Test
  void aStagedWithdrawalIsAnsweredAndReportedToTheHub() throws Exception {
    var report = drill(0);

    assertThat(report.get("answered").booleanValue()).isTrue();
    assertThat(report.get("charged").stringValue()).isEqualTo("1000");
    assertThat(report.get("claim").stringValue()).startsWith("0x");
    assertThat(report.get("claimed_by").stringValue()).startsWith("0x");
    assertThat(report.get("gas").longValue()).isPositive();
    assertThat(Long.parseLong(report.get("fee_wei").stringValue())).isPositive();
    assertThat(report.get("answer_ms").longValue()).isLessThan(LIMIT_SECONDS * 1_000L);
    assertThat(report.get("answer_blocks").longValue()).isPositive();
    Progress.say("drill: %s", report);
    assertKept(report);

    var again = drill(0);
    assertThat(again.get("channel")).isNotEqualTo(report.get("channel"));
    assertKept(again);
    try (var folders = Files.list(store.resolve("channels"))) {
      assertThat(folders).hasSize(2);
    }
  }

  @Test
  void aDrillThatCannotBeStagedSaysSo() throws Exception {
    assertThat(run("--rpc-url", "http://127.0.0.1:1", "--price", "1000").exitCode()).isEqualTo(3);
    assertThat(run("--rpc-url", hub.chain().rpcUrl(), "--price", "-1").exitCode()).isEqualTo(2);
  }

  private void assertKept(JsonNode report) throws Exception {
    var list = Rest.json(Rest.get(hub.gateway("/v1/admin/drills?limit=1"), OPERATOR));
    var kept = list.get("data").get(0);
    for (var field : List.of("channel", "answered", "guarded_ms", "answer_ms", "gas", "fee_wei")) {
      assertThat(kept.get(field)).as(field).isEqualTo(report.get(field));
    }
  }

  private JsonNode drill(int exitCode) throws Exception {
    var ran =
        run(
            "--rpc-url",
            hub.chain().rpcUrl(),
            "--price",
            "1000",
            "--deposit",
            "50000",
            "--limit",
            String.valueOf(LIMIT_SECONDS),
            "--json");
    assertThat(ran.exitCode()).as(ran.out()).isEqualTo(exitCode);
    return JsonMapper.shared().readTree(ran.out());
  }

  private Ran run(String... options) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "@" + HubProcess.classPath(hub.directory()),
                "millrace.standalone.Main",
                "drill",
                "withdraw",
                "--url",
                hub.gateway("").toString(),
                "--store",
                store.toString()));
    command.addAll(List.of(options));
    var log = Files.createTempFile(hub.directory(), "drill", ".log");
    var builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("MILLRACE_OPERATOR_KEY", Hub.OPERATOR_KEY);
    builder.environment().put("MILLRACE_DRILL_KEY", key.secret().toString());
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return new Ran(
        process.exitValue(), out + (process.exitValue() == 0 ? "" : Files.readString(log)));
  }

  private record Ran(int exitCode, String out) {}
}
