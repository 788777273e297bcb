package millrace.bench.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// All payments of one merchant as a file, and what that costs the gateway's memory.
final class ExportBench {
  private static final int BUFFER = 64 * 1024;
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private final URI gateway;
  private final String apiKey;
  private final long pid;

  /// @param pid of the gateway
  ExportBench(URI gateway, String apiKey, long pid) {
    this.gateway = gateway;
    this.apiKey = apiKey;
    this.pid = pid;
  }

  /// @param peakResidentMb of the gateway's process while it wrote
  record Reading(long rows, double seconds, long residentMb, long peakResidentMb) {
    double perSecond() {
      return rows / seconds;
    }
  }

  /// Whether the hub knows of exports at all.
  boolean isThere() throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var asked = request("&created%5Bgte%5D=2100-01-01T00:00:00Z");
      return http.send(asked, BodyHandlers.discarding()).statusCode() != 404;
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from " + gateway, e);
    }
  }

  Reading run() throws InterruptedException {
    long before = residentMb();
    long[] peak = {before};
    long start = System.nanoTime();
    long rows = read((lines) -> peak[0] = Math.max(peak[0], residentMb()), 20_000);
    return new Reading(rows, (System.nanoTime() - start) / 1e9, before, peak[0]);
  }

  /// What of the gateway's heap is alive before, and in the midst of writing, in MB.
  long[] live(long rows) throws InterruptedException {
    long before = liveMb();
    long[] midst = {0};
    read(lines -> midst[0] = Math.max(midst[0], liveMb()), rows / 3);
    return new long[] {before, midst[0]};
  }

  /// @param every so many lines somebody looks
  private long read(Looking looking, long every) throws InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var answer = http.send(request(""), BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("an export was answered " + answer.statusCode());
      }
      long lines = 0;
      long next = every;
      var buffer = new byte[BUFFER];
      try (var in = answer.body()) {
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          for (int i = 0; i < length; i++) if (buffer[i] == '\n') lines++;
          if (lines >= next) {
            looking.at(lines);
            next += every;
          }
        }
      }
      return lines;
    } catch (IOException cutOff) {
      throw new IllegalStateException("an export was cut off", cutOff);
    }
  }

  private HttpRequest request(String more) {
    return HttpRequest.newBuilder(gateway.resolve("/v1/reports/payments?format=jsonl" + more))
        .header("Authorization", "Bearer " + apiKey)
        .build();
  }

  private long residentMb() {
    try {
      var found = RESIDENT.matcher(Files.readString(Path.of("/proc", "" + pid, "status")));
      return found.find() ? Long.parseLong(found.group(1)) / 1024 : 0;
    } catch (IOException noLinux) {
      return 0;
    }
  }

  private long liveMb() {
    jcmd("GC.run");
    var used = USED.matcher(jcmd("GC.heap_info").replaceAll("(?s)Metaspace.*", ""));
    return used.results().mapToLong(it -> Long.parseLong(it.group(1))).sum() / 1024;
  }

  private String jcmd(String command) {
    var program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var process = new ProcessBuilder(program, "" + pid, command).start();
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("no jcmd", e);
    }
  }

  @FunctionalInterface
  private interface Looking {
    void at(long lines);
  }
}
