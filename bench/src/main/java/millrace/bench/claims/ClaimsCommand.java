package millrace.bench.claims;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "claims",
    description = {
      "How many channels a hub claims in a minute on its development chain, which makes a block",
      "each second: a payment from every channel through the gateway, then the claims of the",
      "settlement service, each from the making of its batch until its outcome is final.",
      "",
      "Deposits are written into the chain's storage and into the hub's books instead of being",
      "made; everything after that is what a hub does. Claims wait until the payments are over.",
      "The time runs from the first batch to the end of the last. About two minutes."
    },
    mixinStandardHelpOptions = true)
public final class ClaimsCommand implements Callable<Integer> {
  @Option(names = "--channels", description = "How many (default: ${DEFAULT-VALUE})")
  private int channels = 10_000;

  @Option(names = "--rows", description = "In one transaction (default: ${DEFAULT-VALUE})")
  private int rows = 100;

  @Option(
      names = "--wait",
      description = "Seconds from a payment to its claim (default: ${DEFAULT-VALUE})")
  private int waitSeconds = 45;

  @Override
  public Integer call() throws InterruptedException {
    var machine = Machine.here();
    Progress.say("bench claims on %s", machine);
    Claimed.Reading reading;
    try (var bench = ClaimsBench.start(channels, Duration.ofSeconds(waitSeconds), rows)) {
      bench.pay();
      reading = bench.claim();
    }
    print(reading);
    var last = new LinkedHashMap<String, Object>();
    last.put("channels", channels);
    last.put("claimed", reading.claimed());
    last.put("per_minute", Math.round(reading.perMinute()));
    var settings = Map.of("channels", channels, "rows", rows, "wait_seconds", waitSeconds);
    Progress.say("written to %s", Results.write("claims", machine, settings, last, reading));
    System.out.println(Results.line(last));
    return reading.claimed() < channels ? 1 : 0;
  }

  private static void print(Claimed.Reading reading) {
    System.out.printf(
        """

        channels claimed     %,12d
        transactions         %,12d
        rows recorded        %,12d
        gas per row          %,12d
        seconds              %,12.1f
        channels per minute  %,12.0f

        """,
        reading.claimed(),
        reading.batches(),
        reading.rows(),
        reading.rows() == 0 ? 0 : reading.gas() / reading.rows(),
        reading.seconds(),
        reading.perMinute());
  }
}
