package millrace.acceptance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// An alert of the watchtower that nothing raises, or that nobody can look up, is none.
class AlertsIT {
  private static final Pattern METRIC = Pattern.compile("millrace_[a-z_]+");
  private static final Pattern NAME = Pattern.compile("\"(?:millrace\\.)?([a-z._]+)\"");

  @Test
  void everyAlertHasAPage() throws Exception {
    var text = Repository.read("docs/operations/watchtower.md");
    for (var alert : alerts()) {
      assertThat(text).as("an operator's page about it").contains("### " + alert.text("alert"));
    }
  }

  /// By the names that services give their metrics, whole or after `millrace.` and a part that
  /// many share.
  @Test
  void everyAlertAsksForMetricsThatAServiceHas() throws Exception {
    var named = namesInSources();
    for (var alert : alerts()) {
      var asked = METRIC.matcher(alert.text("expr"));
      assertThat(asked.find()).as(alert.text("alert")).isTrue();
      do {
        var metric = asked.group();
        assertThat(named)
            .as("%s asks for %s", alert.text("alert"), metric)
            .anyMatch(name -> isOf(metric, name));
      } while (asked.find());
    }
  }

  @Test
  void theDrillRunsTheImageThatTheBuildMakesAndKeepsItsChannels() throws Exception {
    var drill =
        Repository.kustomize("k8s/drill").stream()
            .filter(manifest -> manifest.text("kind").equals("CronJob"))
            .findFirst()
            .orElseThrow()
            .sub("spec", "jobTemplate", "spec", "template", "spec");
    assertThat(drill.text("containers", 0, "image"))
        .isEqualTo("millrace/" + Deploy.image("standalone", "name") + ":" + Deploy.version());
    assertThat(
            drill.list("containers", 0, "args").stream().map(Manifest::root).map(String::valueOf))
        .startsWith("drill", "withdraw")
        .contains("--store=" + drill.text("containers", 0, "volumeMounts", 0, "mountPath"));
    assertThat(drill.text("securityContext", "runAsNonRoot")).isEqualTo("true");
  }

  private static boolean isOf(String metric, String name) {
    var written = name.replace('.', '_');
    return Stream.of("", "_seconds", "_total")
        .map(suffix -> written + suffix)
        .anyMatch(
            one ->
                metric.equals("millrace_" + one)
                    || metric.matches("millrace_[a-z]+_" + Pattern.quote(one)));
  }

  private static List<Manifest> alerts() throws Exception {
    var rules =
        Repository.kustomize("k8s/monitoring").stream()
            .filter(manifest -> manifest.text("kind").equals("PrometheusRule"))
            .flatMap(rule -> rule.list("spec", "groups").stream())
            .filter(group -> group.text("name").equals("watchtower"))
            .flatMap(group -> group.list("rules").stream())
            .toList();
    assertThat(rules).hasSizeGreaterThan(5);
    return rules;
  }

  private static Set<String> namesInSources() throws IOException {
    var names = new TreeSet<String>();
    for (var module :
        List.of(
            "chain", "channel-service", "gateway", "settlement-service", "watchtower-service")) {
      try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          var found = NAME.matcher(Files.readString(file));
          while (found.find()) names.add(found.group(1));
        }
      }
    }
    return names;
  }
}
