package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kills one process at a time, the hard way, while several payers pay. What a payer was told must
/// be in the books, and every payer must be able to go on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillIT {
  private static final int PAYERS = 4;
  private static final Amount PRICE = Amount.of(100);
  private static final boolean LONG = Boolean.getBoolean("millrace.long");
  private static final int ROUNDS = LONG ? 5 : 1;
  private static final int BEFORE = 10;
  private static final int AFTER = 5;

  /// A payment that was under way is given up after a minute; until then its channel waits.
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Hub hub;
  private final Upstream upstream = new Upstream();
  private final Merchant merchant;
  private final URI url;
  private final Journal journal = new Journal();
  private final List<Spender> spenders = new ArrayList<>();

  KillIT() throws Exception {
    hub = Hub.running();
    merchant = Merchant.at(hub, "Carla");
    url = merchant.route(upstream, PRICE);
  }

  @BeforeAll
  void openChannels() throws InterruptedException {
    for (int i = 0; i < PAYERS; i++) {
      var spender = Spender.at(hub, "kill-" + i);
      journal.acknowledged(merchant, spender.mustPay(url));
      spenders.add(spender);
    }
    Progress.say("kill: %d payers have opened their channels", PAYERS);
  }

  @AfterAll
  void close() {
    upstream.close();
  }

  /// What is killed under full load in [CrashIT] has its turn here in the long version, but for the
  /// gateway: only here does it die with reservations open and upstreams under way.
  @ParameterizedTest
  @MethodSource("victims")
  void aProcessThatIsKilledLosesNothingThatWasAcknowledged(String name) throws Exception {
    var victim =
        name.equals("kafka")
            ? hub.kafka()
            : hub.services().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    survive(
        name,
        victim::kill,
        () -> {
          victim.start();
          victim.awaitReady();
        });
  }

  static Stream<String> victims() {
    var always = Stream.of("gateway", "settlement-service", "watchtower-service");
    return LONG ? Stream.concat(always, Stream.of("channel-service", "kafka")) : always;
  }

  @Test
  @EnabledIfSystemProperty(named = "millrace.long", matches = "true")
  void aDatabaseThatIsKilledLosesNothingThatWasAcknowledged() throws Exception {
    survive("PostgreSQL", hub.postgres()::killImmediately, hub.postgres()::restart);
  }

  private void survive(String name, Step kill, Step restart) throws Exception {
    for (int round = 0; round < ROUNDS; round++) surviveOnce(name, kill, restart);
  }

  private void surviveOnce(String name, Step kill, Step restart) throws Exception {
    var before = journal.payments();
    Duration outage;
    var crowd = new Crowd(spenders, merchant, url, journal);
    try {
      crowd.awaitEachPaid(BEFORE, LIMIT);
      var killed = System.nanoTime();
      kill.run();
      Thread.sleep(1000);
      restart.run();
      crowd.awaitEachPaid(AFTER, LIMIT);
      outage = Duration.ofNanos(System.nanoTime() - killed);
      Progress.say("kill -9 %s: failures seen by payers: %s", name, crowd.failures());
    } finally {
      crowd.end();
    }
    journal.holdAgainst(hub);
    holdsNothingInvented();
    Journal.shown(merchant);
    assertThat(upstream.served()).isGreaterThanOrEqualTo(journal.payments());
    Progress.say(
        "kill -9 %s: %d payments acknowledged, 0 lost; everybody pays again %.1f s after the kill",
        name, journal.payments() - before, outage.toMillis() / 1000.0);
  }

  /// The merchant has what the payers owe, and they owe no more than they signed.
  private void holdsNothingInvented() throws Exception {
    var owed = Amount.ZERO;
    for (var spender : spenders) {
      var channel = spender.channel();
      var charged = hub.channel(channel.id()).charged();
      assertThat(charged).isLessThanOrEqualTo(channel.signed());
      owed = owed.plus(charged);
    }
    assertThat(merchant.balance().earned()).isEqualTo(owed);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }
}
