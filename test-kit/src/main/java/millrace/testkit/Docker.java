package millrace.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/// Whether containers can be had.
final class Docker {
  private static final Logger LOG = LoggerFactory.getLogger(Docker.class);
  private static final boolean ANSWERS = ask();

  private Docker() {}

  static boolean answers() {
    return ANSWERS;
  }

  /// Why the tests do not run against containers, for the line that says what they run against.
  static String reason() {
    return Boolean.getBoolean("millrace.embedded")
        ? "-Dmillrace.embedded=true says so"
        : "no Docker daemon answers";
  }

  /// An installed client is not a daemon, and the search of Testcontainers is long and loud, so it
  /// is begun only where there is something to find.
  private static boolean ask() {
    if (Boolean.getBoolean("millrace.embedded") || !promising()) return false;
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException e) {
      LOG.warn("Docker looked as if it were there, but does not answer", e);
      return false;
    }
  }

  private static boolean promising() {
    var home = Path.of(System.getProperty("user.home"));
    return System.getenv("DOCKER_HOST") != null
        || Files.exists(home.resolve(".testcontainers.properties"))
        || Files.exists(Path.of("/var/run/docker.sock"))
        || Files.exists(home.resolve(".docker/run/docker.sock"));
  }
}
