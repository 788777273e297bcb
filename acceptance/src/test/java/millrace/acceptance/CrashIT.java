package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import millrace.bench.crash.Crash;
import millrace.bench.hub.Seller;
import millrace.bench.load.Load;
import millrace.bench.load.Upstream;
import org.junit.jupiter.api.Test;

/// Kills at random moments under full load, as `./millrace bench crash` does for as many rounds as
/// one likes. Loss is asserted, and that everybody can pay on; times are only told.
class CrashIT {
  private static final int ROUNDS = Boolean.getBoolean("millrace.long") ? 24 : 5;
  private static final int CHANNELS = 32;

  private final Hub hub;

  CrashIT() throws InterruptedException {
    hub = Hub.running();
  }

  @Test
  void whatWasAcknowledgedUnderFullLoadIsInTheBooksAfterEveryKill() throws Exception {
    long seed = new Random().nextLong();
    Progress.say("crash: %d rounds, seed %d", ROUNDS, seed);
    var chain = URI.create(hub.chain().rpcUrl());
    try (var upstream = Upstream.start()) {
      var seller = Seller.at(hub.gateway(""), Hub.OPERATOR_KEY, chain, upstream.url());
      try (var load = Load.open(seller.order("crash " + seed, CHANNELS), this::tell)) {
        var crash = new Crash(hub.processes(), load, new Random(seed), this::tell);
        var report = crash.run(ROUNDS);
        Progress.say("crash: %s", report);
        assertThat(report.lost()).as("seed %d", seed).isZero();
        assertThat(report.stuck()).as("seed %d", seed).isZero();
        assertThat(report.acknowledged()).isGreaterThan((long) CHANNELS * ROUNDS);
      }
    }
  }

  private void tell(String text) {
    Progress.say("crash: %s", text);
  }
}
