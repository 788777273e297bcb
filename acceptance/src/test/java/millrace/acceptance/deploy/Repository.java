package millrace.acceptance.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/// The files of this repository that say how the services are deployed.
final class Repository {
  private static final Path ROOT = root();

  private Repository() {}

  static Manifest compose() {
    return new Manifest(new Yaml().load(read("docker-compose.yml")));
  }

  /// Rendered as `kubectl apply -k` would.
  static List<Manifest> kustomize(String folder) throws IOException, InterruptedException {
    var command = List.of("kubectl", "kustomize", ROOT.resolve(folder).toString());
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(ProcessBuilder.Redirect.PIPE)
              .start();
    } catch (IOException missing) {
      throw new IllegalStateException(
          "kubectl is missing; ./millrace test installs it, or install it yourself", missing);
    }
    var rendered = new String(process.getInputStream().readAllBytes(), Deploy.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("kubectl kustomize does not render " + folder);
    }
    return StreamSupport.stream(new Yaml().loadAll(rendered).spliterator(), false)
        .map(Manifest::new)
        .toList();
  }

  /// The defaults that a service ships with.
  static Manifest defaults(String service) {
    return new Manifest(
        new Yaml().load(read(service + "/src/main/resources/" + service + ".yaml")));
  }

  static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + path, failure);
    }
  }

  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("docker-compose.yml"))) {
      here = here.getParent();
      if (here == null) throw new IllegalStateException("not inside the repository");
    }
    return here;
  }
}
