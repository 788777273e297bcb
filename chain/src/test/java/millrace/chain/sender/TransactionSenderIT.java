package millrace.chain.sender;

import static millrace.chain.sender.SenderScene.rounds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import millrace.chain.rpc.Bytes;
import millrace.chain.sender.SenderScene.Journal;
import millrace.contracts.HubVault;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.type.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;

class TransactionSenderIT {
  private final SenderScene scene = new SenderScene();
  private final DevChain chain = scene.chain;
  private final Journal journal = scene.journal;

  @AfterEach
  void end() {
    scene.close();
  }

  @Test
  void sendsWhatItIsAskedForAndReportsTheEndOnce() {
    var sender = sender(1);
    submit(sender, announce("a", 1));
    rounds(sender, 3);
    assertThat(journal.ended)
        .singleElement()
        .satisfies(
            end -> {
              assertThat(end.purpose()).isEqualTo(new Purpose("a"));
              assertThat(end.success()).isTrue();
              assertThat(end.gasUsed()).isPositive();
              assertThat(end.receipt().logs()).isNotEmpty();
            });
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
    assertThat(sender.status().sending()).isZero();
  }

  @Test
  void onePurposeIsOneTransaction() {
    var sender = sender(1);
    assertThat(submit(sender, announce("a", 1))).isTrue();
    assertThat(submit(sender, announce("a", 1))).isFalse();
    rounds(sender, 3);
    assertThat(submit(sender, announce("a", 1))).isFalse();
    rounds(sender, 3);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
    assertThat(journal.ended).hasSize(1);
  }

  @Test
  void onePurposeCannotMeanTwoThings() {
    var sender = sender(1);
    submit(sender, announce("a", 1));
    assertThatThrownBy(() -> submit(sender, announce("a", 2)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsRolledBackIsNotSent() {
    var sender = sender(1);
    scene
        .store
        .transactions()
        .executeWithoutResult(
            status -> {
              sender.submit(announce("a", 1));
              status.setRollbackOnly();
            });
    rounds(sender, 3);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce);
  }

  @Test
  void aRestartBetweenStoringAndSendingSendsTheSameBytes() {
    chain.setAutomine(false);
    var first = sender(1);
    submit(first, announce("a", 1));
    first.prepare();
    var second = sender(1);
    assertThatThrownBy(first::send).isInstanceOf(LeaseLost.class);
    second.send();
    var third = sender(1);
    scene.pass(Duration.ofMinutes(1));
    third.send();
    chain.mine(1);
    rounds(third, 2);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(scene.attempts()).isEqualTo(1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void whatWouldBeRevertedIsRefusedAndCostsNoNonce() {
    var sender = sender(1);
    submit(sender, announce("bad", 0));
    submit(sender, announce("good", 1));
    rounds(sender, 3);
    assertThat(journal.refused).containsExactly(new Purpose("bad"));
    assertThat(journal.ended)
        .extracting(FinalTransaction::purpose)
        .containsExactly(new Purpose("good"));
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void aRequestThatNeedsMoreGasThanAllowedIsRefused() {
    var sender = sender(1);
    var request = announce("a", 1);
    submit(
        sender,
        new TransactionRequest(
            request.purpose(), request.to(), request.data(), new Gas.Estimated(30_000)));
    rounds(sender, 2);
    assertThat(journal.refused).containsExactly(new Purpose("a"));
  }

  @Test
  void aTransactionThatIsRevertedInItsBlockIsReported() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    sender.prepare();
    sender.send();
    // The deployer takes the right away in the same block, and pays more to be first.
    scene.sendFrom(
        DevAccount.DEPLOYER.address(),
        chain.deployment().vault(),
        removePromiseKey(SenderScene.KEY.address()),
        "0x12a05f2000");
    chain.mine(1);
    rounds(sender, 2);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isFalse());
  }

  @Test
  void aTransactionThatNobodyMinesIsReplacedByOneThatOffersMore() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    rounds(sender, 2);
    assertThat(scene.attempts()).isEqualTo(1);
    scene.pass(Duration.ofMinutes(2));
    rounds(sender, 2);
    assertThat(scene.attempts()).isEqualTo(2);
    chain.mine(1);
    rounds(sender, 2);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
    assertThat(scene.everyVersionIsDearer()).isTrue();
  }

  @Test
  void aTransactionThatTheNodeForgotIsSentAgain() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    rounds(sender, 1);
    chain.dropTransaction(scene.hash());
    scene.pass(Duration.ofSeconds(20));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(journal.ended).hasSize(1);
    assertThat(scene.attempts()).isEqualTo(1);
  }

  @Test
  void aNonceThatSomebodyElseUsedIsReplacedByANewOne() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    sender.prepare();
    scene.sendFrom(
        SenderScene.KEY.address(), DevAccount.DEPLOYER.address(), Bytes.EMPTY, "0x12a05f2000");
    chain.mine(1);
    chain.setAutomine(true);
    rounds(sender, 5);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 2);
  }

  @Test
  void isNotOverBeforeTheBlockIsFinalAndStartsAgainWhenTheBlockIsGone() {
    var sender = sender(3);
    submit(sender, announce("a", 1));
    rounds(sender, 2);
    assertThat(journal.ended).isEmpty();
    chain.reorg(1);
    scene.pass(Duration.ofSeconds(20));
    rounds(sender, 2);
    chain.mine(3);
    rounds(sender, 1);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void manyRequestsTakeConsecutiveNonces() {
    chain.setAutomine(false);
    var sender = sender(1);
    for (int i = 1; i <= 6; i++) submit(sender, announce("p" + i, i));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(journal.ended).hasSize(4);
    chain.mine(1);
    rounds(sender, 2);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(journal.ended).hasSize(6);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 6);
  }

  private TransactionSender sender(int confirmations) {
    return scene.sender(confirmations);
  }

  private boolean submit(TransactionSender sender, TransactionRequest request) {
    return scene.submit(sender, request);
  }

  private TransactionRequest announce(String purpose, int payee) {
    return scene.announce(purpose, payee);
  }

  private static Bytes removePromiseKey(Address key) {
    var removal =
        new Function(
            HubVault.FUNC_REMOVEPROMISEKEY,
            List.of(new org.web3j.abi.datatypes.Address(key.toString())),
            List.of());
    return Bytes.of(FunctionEncoder.encode(removal));
  }
}
