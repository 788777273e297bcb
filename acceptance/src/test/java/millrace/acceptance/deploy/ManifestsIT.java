package millrace.acceptance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import millrace.watchtower.merchant.MerchantCommand;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// The Kubernetes manifests and the compose file agree with the services and with each other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsIT {
  private List<Manifest> base = List.of();
  private List<Manifest> dev = List.of();

  @BeforeAll
  void render() throws Exception {
    base = Repository.kustomize("k8s/base");
    dev = Repository.kustomize("k8s/overlays/dev");
  }

  static Stream<String> services() {
    return Deploy.SERVICES.stream();
  }

  @ParameterizedTest
  @MethodSource("services")
  void runsTheImageThatTheBuildMakes(String service) throws Exception {
    var image = "millrace/" + Deploy.image(service, "name") + ":" + Deploy.version();

    assertThat(container(base, service).text("image")).isEqualTo(image);
    assertThat(container(dev, service).text("image")).isEqualTo(image);
    assertThat(Repository.compose().text("services", service, "image")).isEqualTo(image);
    assertThat(Class.forName(Deploy.image(service, "main"))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("services")
  void reachesTheServiceOnThePortItListensOn(String service) {
    int port = Repository.defaults(service).number("server", "port");

    assertThat(Integer.parseInt(Deploy.image(service, "port"))).isEqualTo(port);
    assertThat(container(base, service).number("ports", 0, "containerPort")).isEqualTo(port);
    assertThat(find(base, "Service", service).number("spec", "ports", 0, "port")).isEqualTo(port);
    assertThat(find(base, "Service", service).text("spec", "ports", 0, "targetPort"))
        .isEqualTo(container(base, service).text("ports", 0, "name"));
    assertThat(Repository.compose().text("services", service, "ports", 0))
        .endsWith(port + ":" + port);
  }

  @ParameterizedTest
  @MethodSource("services")
  void probesTheActuatorWhereItIs(String service) {
    var defaults = Repository.defaults(service);
    int separate = defaults.number("management", "server", "port");
    int expected = separate > 0 ? separate : defaults.number("server", "port");
    var container = container(base, service);

    for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(container.text(probe, "httpGet", "path")).startsWith("/actuator/health/");
      var named = container.text(probe, "httpGet", "port");
      var port =
          container.list("ports").stream()
              .filter(candidate -> candidate.text("name").equals(named))
              .findFirst()
              .orElseThrow();
      assertThat(port.number("containerPort")).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void runsWithTheRestrictedSecurityContextAndBoundedMemory(String service) {
    var pod = find(base, "Deployment", service).sub("spec", "template", "spec");
    var container = container(base, service);

    assertThat(pod.text("securityContext", "runAsNonRoot")).isEqualTo("true");
    assertThat(pod.text("securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
    assertThat(pod.text("automountServiceAccountToken")).isEqualTo("false");
    assertThat(container.text("securityContext", "allowPrivilegeEscalation")).isEqualTo("false");
    assertThat(container.text("securityContext", "readOnlyRootFilesystem")).isEqualTo("true");
    assertThat(container.text("securityContext", "capabilities", "drop", 0)).isEqualTo("ALL");
    assertThat(container.text("resources", "limits", "memory"))
        .isNotEmpty()
        .isEqualTo(container.text("resources", "requests", "memory"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void findsTheConfigurationItReadsItsEnvironmentFrom(String service) {
    var sources = container(dev, service).list("envFrom");

    assertThat(sources).hasSize(2);
    assertThat(find(dev, "ConfigMap", sources.get(0).text("configMapRef", "name")).root())
        .isNotNull();
    assertThat(find(dev, "Secret", sources.get(1).text("secretRef", "name")).root()).isNotNull();
  }

  @Test
  void letsOnlyTheGatewayBeReachedFromAnywhere() {
    var open =
        base.stream()
            .filter(manifest -> manifest.text("kind").equals("NetworkPolicy"))
            .filter(
                policy ->
                    policy.list("spec", "ingress").stream()
                        .anyMatch(rule -> rule.list("from").isEmpty()))
            .map(policy -> policy.text("metadata", "name"))
            .toList();

    assertThat(open).containsExactly("gateway");
  }

  @Test
  void composeStartsAllServicesAfterWhatTheyNeed() {
    var services = Repository.compose().map("services");

    for (var service : Deploy.SERVICES) {
      var needs = Repository.compose().map("services", service, "depends_on").keySet();
      assertThat(services.keySet().containsAll(needs)).isTrue();
      assertThat(needs.stream().map(String::valueOf)).contains("postgres", "kafka", "contracts");
    }
  }

  @Test
  void composeAndTheDevOverlayRunTheSameHub() {
    var config = find(dev, "ConfigMap", "millrace-hub").map("data");
    var compose = Repository.compose().map("services", "settlement-service", "environment");

    for (var shared : List.of("MILLRACE_HUB_VAULT", "MILLRACE_HUB_TOKEN_ADDRESS")) {
      assertThat(String.valueOf(compose.get(shared))).contains(String.valueOf(config.get(shared)));
    }
  }

  /// It is no part of the hub: a merchant runs it in a cluster of its own.
  @Test
  void theMerchantsTowerIsTheTowersImageWithOptionsThatItKnows() throws Exception {
    var tower = find(Repository.kustomize("k8s/merchant-tower"), "StatefulSet", "merchant-tower");
    var pod = tower.sub("spec", "template", "spec");
    var container = pod.sub("containers", 0);
    var arguments =
        container.list("args").stream().map(Manifest::root).map(String::valueOf).toList();

    assertThat(container.text("image"))
        .isEqualTo(
            "millrace/" + Deploy.image("watchtower-service", "name") + ":" + Deploy.version());
    assertThat(arguments).contains("--merchant");
    new CommandLine(new MerchantCommand()).parseArgs(arguments.toArray(String[]::new));
    assertThat(container.text("readinessProbe", "httpGet", "path")).isEqualTo("/health");
    assertThat(arguments)
        .contains("--listen=0.0.0.0:" + container.text("ports", 0, "containerPort"));
    assertThat(pod.text("securityContext", "runAsNonRoot")).isEqualTo("true");
    assertThat(container.text("securityContext", "readOnlyRootFilesystem")).isEqualTo("true");
  }

  private static Manifest container(List<Manifest> manifests, String service) {
    return find(manifests, "Deployment", service).sub("spec", "template", "spec", "containers", 0);
  }

  private static Manifest find(List<Manifest> manifests, String kind, String name) {
    return manifests.stream()
        .filter(manifest -> manifest.text("kind").equals(kind))
        .filter(manifest -> manifest.text("metadata", "name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }
}
