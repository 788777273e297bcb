package millrace.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import millrace.messaging.MessagingJson;
import millrace.standalone.hub.LocalHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// For programs, not for people: says where the hub is as one line of JSON, and ends with its
/// standard input.
@Command(name = "serve", description = "Runs a hub for the program that starts it", hidden = true)
final class ServeCommand implements Callable<Integer> {
  @Option(names = "--data", required = true, description = "Folder of everything the hub keeps")
  private Path data = Path.of("");

  @Option(names = "--port", description = "Of the gateway; 0 for any that is free")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    var key = Secrets.fresh();
    var folder = data.toAbsolutePath().normalize();
    try (var stop = new StopSignal();
        var hub = LocalHub.start(folder, port, key, step -> System.err.println(step))) {
      System.out.println(MessagingJson.mapper().writeValueAsString(hub.access(key)));
      System.out.flush();
      Thread.ofPlatform().daemon().start(() -> awaitEndOfInput(stop));
      stop.await();
    }
    return 0;
  }

  private static void awaitEndOfInput(StopSignal stop) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("the standard input broke", e);
    } finally {
      stop.give();
    }
  }
}
