package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The payer's command line, as a script uses it.
class CommandLineIT {
  private static final Amount PRICE = Amount.of(100);

  private final Hub hub;
  private final Upstream upstream = new Upstream();
  private final URI url;
  private final SigningKey key = Merchant.fresh("shell");
  private final Path keyFile;

  CommandLineIT() throws Exception {
    hub = Hub.running();
    url = Merchant.at(hub, "Gerda").route(upstream, PRICE);
    hub.chain().fund(key.address(), Amount.of(1_000_000));
    keyFile = Files.writeString(hub.directory().resolve("shell.key"), key.secret().toString());
  }

  @Test
  void aChannelIsOpenedUsedToppedUpRefundedRecoveredAndLeft() throws Exception {
    var link = url.toString();
    var first = pay(0, "store", link);
    assertThat(first.path("outcome").stringValue()).isEqualTo("paid");
    assertThat(first.path("deposited").stringValue()).isEqualTo(Hub.MIN_DEPOSIT.toString());
    assertThat(first.path("body").stringValue()).contains("served");
    assertThat(pay(0, "store", link).path("chargedCumulative").stringValue()).isEqualTo("200");

    assertThat(pay(3, "store", "--max-amount", "99", link).path("objection").stringValue())
        .isEqualTo("PRICE");
    assertThat(pay(0, "store", "topup", "--amount", "20000", link).path("deposited").stringValue())
        .isEqualTo("20000");
    assertThat(pay(0, "store", "refund", "--amount", "5000", link).path("amount").stringValue())
        .isEqualTo("5000");

    var recovered = pay(0, "other-store", "recover", link).path(0);
    assertThat(recovered.path("charged").stringValue()).isEqualTo("300");
    assertThat(recovered.path("available").stringValue()).isEqualTo("24700");

    var left = pay(0, "store", "withdraw", "--start");
    assertThat(left.path("amount").stringValue()).isEqualTo("24700");
    assertThat(pay(3, "store", link).path("objection").stringValue()).isEqualTo("WITHDRAWING");
    assertThat(pay(6, "store", "withdraw", "--finish").path("outcome").stringValue())
        .as("before the delay is over")
        .isEqualTo("failed");
    assertThat(upstream.served()).isEqualTo(3);
    upstream.close();
    Progress.say("command line: paid, topped up, refunded, recovered, left");
  }

  /// Runs the command in a JVM of its own and reads the object that it prints.
  private JsonNode pay(int exitCode, String store, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "@" + HubProcess.classPath(hub.directory()),
            "millrace.payer.cli.PayCommand"));
    // An option may stand anywhere after the word of the command that it belongs to.
    boolean hasWord = !arguments[0].startsWith("-") && !arguments[0].contains(":");
    command.add(hasWord ? arguments[0] : "pay");
    command.addAll(
        List.of(
            "--json",
            "--key-file",
            keyFile.toString(),
            "--rpc-url",
            hub.chain().rpcUrl(),
            "--store",
            hub.directory().resolve(store).toString()));
    command.addAll(List.of(arguments).subList(hasWord ? 1 : 0, arguments.length));
    var errors = hub.directory().resolve("command-line.log");
    var process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", List.of(arguments)).isTrue();
    assertThat(process.exitValue())
        .as(() -> List.of(arguments) + " says: " + out + "\n" + LastWords.of(errors))
        .isEqualTo(exitCode);
    return Rest.JSON.readTree(out);
  }
}
