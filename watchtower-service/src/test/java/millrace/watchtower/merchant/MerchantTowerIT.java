package millrace.watchtower.merchant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.WrongChain;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A merchant's tower on a real chain with a real vault. Each test has a payee, a hub and a tower
/// of its own; the vault's delay is an hour of the chain's clock.
class MerchantTowerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LONG = Duration.ofHours(6);
  private static final Amount PROMISED = Amount.of(5_000);
  private static DevChain chain;

  @TempDir Path folder;

  private String snapshot = "";

  private VaultScene scene;
  private TestHub hub;
  private SigningKey gasKey;
  private final List<MerchantTower> towers = new ArrayList<>();

  @BeforeAll
  static void start() {
    chain = TestChain.start(builder -> builder.vaultDelay(Duration.ofHours(1)));
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  /// An announced take, or a removed key, is there for everybody until it is over.
  @BeforeEach
  void scene() {
    snapshot = chain.snapshot();
    scene = new VaultScene(chain, freshKey().address());
    hub = new TestHub();
    gasKey = freshKey();
    chain.setBalance(gasKey.address(), BigInteger.TEN.pow(18));
    scene.fillVault(PROMISED);
  }

  @AfterEach
  void end() {
    chain.setAutomine(true);
    towers.forEach(MerchantTower::close);
    hub.close();
    scene.onlyVaultCallsFrom(gasKey.address());
    assertThat(chain.tokenBalance(gasKey.address())).isEqualTo(Amount.ZERO);
    chain.revert(snapshot);
  }

  @Test
  void anAnnouncedTakeIsAnsweredAndThePayeeHasItsMoney() {
    guarding(LONG, List.of(), true);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    chain.mine(3);
    assertThat(scene.credited()).as("while nobody reaches for it").isEqualTo(Amount.ZERO);

    scene.announceTake(Amount.of(1));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(chain.tokenBalance(scene.payee())).isEqualTo(PROMISED));
  }

  @Test
  void aHubThatFallsSilentIsAnsweredAndOneThatTalksIsNot() {
    guarding(Duration.ofSeconds(6), List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    var quiet = Instant.now().plusSeconds(8);
    await().atMost(PATIENCE).until(() -> Instant.now().isAfter(quiet));
    assertThat(scene.credited()).isEqualTo(Amount.ZERO);

    hub.fallSilent();
    awaitCredited(PROMISED);
    assertThat(tower().alarms().ringing()).contains(Alarm.HUB_SILENT);
  }

  @Test
  void aRemovedPromiseKeyIsAnsweredWhileItStillCounts() {
    guarding(LONG, List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    scene.removePromiseKey();
    awaitCredited(PROMISED);
  }

  @Test
  void whatIsNoPromiseIsRefusedAndTheGoodOneStays() {
    guarding(LONG, List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    hub.sayNonsense();
    awaitAlarm(Alarm.BAD_PROMISE);
    hub.say(scene.promise(Amount.of(4_999)));
    var honest = scene.promise(Amount.of(9_000));
    hub.say(
        new SignedPromise(
            honest.payee(),
            honest.token(),
            Amount.of(9_001),
            honest.signature(),
            honest.key(),
            honest.vault()));
    hub.say(scene.promiseTo(Samples.address(1), Amount.of(9_002)));
    var stranger = scene.promiseBy(freshKey(), Amount.of(9_003));
    hub.say(stranger);
    awaitHeld(Amount.of(9_003));
    awaitAlarm(Alarm.UNKNOWN_KEY);

    scene.announceTake(Amount.of(1));
    awaitCredited(PROMISED);
  }

  @Test
  void aTowerThatWasKilledHasNotForgotten() throws Exception {
    hub.say("cursor-of-the-first", scene.promise(PROMISED));
    try (var process = TowerProcess.start(scene, hub, gasKey, folder)) {
      await().atMost(PATIENCE).until(() -> process.held().equals(PROMISED));
      process.kill();
    }
    hub.close();
    scene.announceTake(Amount.of(1));
    try (var process = TowerProcess.start(scene, hub, gasKey, folder)) {
      awaitCredited(PROMISED);
      assertThat(process.isAlive()).as(process.lastWords()).isTrue();
    }
    hub = new TestHub();
    guarding(LONG, List.of(), false);
    await().atMost(PATIENCE).until(() -> hub.cursors.contains(Optional.of("cursor-of-the-first")));
  }

  @Test
  void aTowerWithoutGasRedeemsWhenItIsRefilled() {
    chain.setBalance(gasKey.address(), BigInteger.ONE);
    guarding(LONG, List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    scene.announceTake(Amount.of(1));
    awaitAlarm(Alarm.OUT_OF_GAS);
    assertThat(scene.credited()).isEqualTo(Amount.ZERO);
    chain.setBalance(gasKey.address(), BigInteger.TEN.pow(18));
    awaitCredited(PROMISED);
    await().atMost(PATIENCE).until(() -> !tower().alarms().ringing().contains(Alarm.OUT_OF_GAS));
  }

  @Test
  void aBaseFeeThatGrowsTwentyfoldIsFollowed() {
    guarding(LONG, List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    chain.setAutomine(false);
    scene.askForTake(Amount.of(1));
    chain.mine(1);
    await().atMost(PATIENCE).until(() -> scene.isPending(gasKey.address()));
    var base = scene.baseFee();
    for (int block = 0; block < 20 && scene.credited().equals(Amount.ZERO); block++) {
      chain.setNextBlockBaseFee(base.multiply(BigInteger.valueOf(20)));
      chain.mine(1);
      long head = chain.blockNumber();
      await()
          .atMost(PATIENCE)
          .until(() -> tower().status().map(it -> it.view().block() >= head).orElse(false));
    }
    assertThat(scene.credited()).isEqualTo(PROMISED);
  }

  @Test
  void aRedemptionThatAReorganisationTakesAwayIsRepeated() {
    guarding(LONG, List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitHeld(PROMISED);
    scene.announceTake(Amount.of(1));
    awaitCredited(PROMISED);
    var lost = scene.headHash();
    chain.reorg(1);
    assertThat(scene.has(lost)).isFalse();
    awaitCredited(PROMISED);
  }

  @Test
  void oneHonestNodeIsEnough() {
    try (var frozen = new FaultyNode(chain.rpcUrl());
        var hung = new FaultyNode(chain.rpcUrl())) {
      frozen.freezeAt(chain.blockNumber());
      hung.stall();
      guarding(LONG, List.of(frozen.address(), hung.address()), false);
      hub.say(scene.promise(PROMISED));
      awaitHeld(PROMISED);
      scene.announceTake(Amount.of(1));
      awaitCredited(PROMISED);
      awaitAlarm(Alarm.NODES_DISAGREE);
      hung.heal();
    }
  }

  @Test
  void whatTheHubDoesNotCreditInTimeIsTaken() {
    start(scene.terms(), LONG, Duration.ofSeconds(3), List.of(), false);
    hub.say(scene.promise(PROMISED));
    awaitCredited(PROMISED);
  }

  @Test
  void doesNotStartWithANodeOfAnotherChain() {
    var here = scene.terms();
    var elsewhere =
        new Terms(
            here.chainId().add(BigInteger.ONE),
            here.channels(),
            here.vault(),
            here.payee(),
            here.token());
    assertThatThrownBy(() -> start(elsewhere, LONG, LONG, List.of(), false))
        .isInstanceOf(WrongChain.class);
  }

  private void guarding(Duration silence, List<URI> moreNodes, boolean withdraw) {
    start(scene.terms(), silence, LONG, moreNodes, withdraw);
  }

  private void start(
      Terms terms, Duration silence, Duration within, List<URI> nodesBefore, boolean withdraw) {
    var nodes = new ArrayList<>(nodesBefore);
    nodes.add(URI.create(chain.rpcUrl()));
    towers.add(
        new MerchantTower(
            new MerchantTower.Settings(
                terms,
                new Policy(silence, within, Amount.of(1)),
                hub.url(),
                TestHub.API_KEY,
                nodes,
                gasKey,
                folder,
                BigInteger.TEN.pow(12),
                withdraw,
                Duration.ofMillis(50)),
            new Events(System.out, false, Clock.systemUTC()),
            Clock.systemUTC()));
    tower().start();
  }

  private MerchantTower tower() {
    return towers.getLast();
  }

  private void awaitHeld(Amount amount) {
    await()
        .atMost(PATIENCE)
        .until(() -> tower().status().map(it -> it.promised().equals(amount)).orElse(false));
  }

  private void awaitCredited(Amount amount) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(scene.credited()).isEqualTo(amount));
  }

  private void awaitAlarm(Alarm alarm) {
    await().atMost(PATIENCE).until(() -> tower().alarms().isRinging(alarm));
  }

  private static SigningKey freshKey() {
    var secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return SigningKey.of(Bytes32.of(secret));
  }

  static SigningKey hubKey() {
    return SigningKey.of(DevAccount.SETTLEMENT.privateKey());
  }
}
