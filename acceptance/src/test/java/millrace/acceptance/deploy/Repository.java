package millrace.acceptance.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// The files of this repository that say how the services are deployed.
final class Repository {
  private static final Path ROOT = root();

  private Repository() {}

  static Manifest compose() {
    return new Manifest(yaml().load(read("docker-compose.yml")));
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
    return StreamSupport.stream(yaml().loadAll(rendered).spliterator(), false)
        .map(Manifest::new)
        .toList();
  }

  /// The defaults that a service ships with.
  static Manifest defaults(String service) {
    return new Manifest(yaml().load(read(service + "/src/main/resources/" + service + ".yaml")));
  }

  /// Every scalar as the text it is. Older YAML reads an address as a number, Kubernetes does not.
  private static Yaml yaml() {
    var loading = new LoaderOptions();
    var dumping = new DumperOptions();
    return new Yaml(
        new SafeConstructor(loading), new Representer(dumping), dumping, loading, new TextOnly());
  }

  private static final class TextOnly extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.MERGE, MERGE, "<", 10);
    }
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
