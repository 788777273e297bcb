package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.Bytes;
import millrace.contracts.HubVault;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;

/// What happens when the chain changes its mind or the service dies at a bad moment.
class OutageIT {
  private DevChain chain;
  private Rig rig;

  @BeforeEach
  void start() {
    chain = TestChain.start();
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.chain.confirmations", 3,
                "millrace.chain.max-reorg-depth", 6,
                "millrace.settlement.claim.retry-after", "1s"));
  }

  @AfterEach
  void stop() {
    rig.close();
    chain.close();
  }

  @Test
  void aDepositThatAReorganisationRemovesIsBroughtAgainAndConfirmedOnlyWhenFinal() {
    var alice = new Payer(chain, 50_000);
    var authorized = alice.authorize(50_000);
    rig.publish(authorized);
    rig.await("it is mined", () -> escrow().equals(Amount.of(50_000)));
    chain.setAutomine(false); // Else it might be back before anybody has looked.
    chain.reorg(1);
    assertThat(escrow()).isEqualTo(Amount.ZERO);
    chain.setAutomine(true);
    chain.mine(1);
    rig.await("it is mined again", () -> escrow().equals(Amount.of(50_000)));
    assertThat(rig.heard(DepositConfirmed.class))
        .noneMatch(c -> c.channelId().equals(alice.channel()));
    chain.mine(3);
    var confirmed = rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
    assertThat(confirmed.after().balance()).isEqualTo(Amount.of(50_000));
    assertThat(rig.heard(DepositFailed.class))
        .noneMatch(f -> f.channelId().equals(alice.channel()));
  }

  @Test
  void aWithdrawalThatAReorganisationRemovesIsTakenBackByAStateInAFinalBlock() {
    var alice = new Payer(chain, 50_000);
    rig.publish(alice.authorize(50_000));
    rig.await("it is mined", () -> escrow().equals(Amount.of(50_000)));
    chain.mine(3);
    rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
    rig.send(
        alice.key().address(),
        chain.deployment().channels(),
        ContractCalls.initiateWithdraw(alice.config(), Amount.of(50_000)));
    var seen = rig.await(WithdrawalSeen.class, w -> w.channelId().equals(alice.channel()));
    chain.reorg(1);
    chain.mine(3);
    var state =
        rig.await(
            ChannelStateSeen.class,
            s ->
                s.channelId().equals(alice.channel())
                    && s.state().block() >= seen.withdrawal().block());
    assertThat(state.state().withdrawal()).isEmpty();
    assertThat(state.state().balance()).isEqualTo(Amount.of(50_000));
  }

  @Test
  void aTransactionThatWasStoredIsSentAfterARestart() {
    var alice = new Payer(chain, 50_000);
    chain.setAutomine(false);
    rig.publish(alice.authorize(50_000));
    rig.await(
        "it is stored and signed",
        () ->
            rig.jdbc()
                    .sql("SELECT count(*) FROM chain_attempt WHERE raw IS NOT NULL")
                    .query(Long.class)
                    .single()
                == 1);
    rig.stop();
    chain.rpc("anvil_dropAllTransactions");
    chain.setAutomine(true);
    rig.start();
    rig.await("it is mined", () -> escrow().equals(Amount.of(50_000)));
    chain.mine(3);
    rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
    assertThat(rig.jdbc().sql("SELECT count(*) FROM chain_transaction").query(Long.class).single())
        .isEqualTo(1);
  }

  @Test
  void aBatchThatFailsAsAWholeIsSplitAndClaimedWhenTheFaultIsGone() {
    var alice = funded(40_000);
    var bob = funded(40_000);
    admin(HubVault.FUNC_REMOVECLAIMER);
    chain.increaseTime(chain.deployment().vaultDelay());
    admin(HubVault.FUNC_CONFIRMCLAIMERREMOVAL);
    rig.publish(alice.pay(6_000));
    rig.publish(bob.pay(7_000));
    rig.await("both halves failed", () -> failedBatches() >= 3);
    admin(HubVault.FUNC_ADDCLAIMER);
    rig.await("the claims are mined", () -> claimed().equals(Amount.of(13_000)));
  }

  @Test
  void aReorganisationDeeperThanAllowedTakesTheServiceOutOfDuty() throws Exception {
    chain.mine(12);
    rig.await(
        "it has followed",
        () ->
            rig.get("/internal/settlement").path("head").asLong() == chain.blockNumber()
                && rig.health("readiness").equals("UP"));
    chain.reorg(9);
    rig.await("it is out of duty", () -> rig.health("readiness").equals("DOWN"));
    assertThat(rig.health("liveness")).isEqualTo("UP");
  }

  private Payer funded(long amount) {
    var payer = new Payer(chain, amount);
    rig.publish(payer.authorize(amount));
    rig.await("it is mined", () -> chain.tokenBalance(payer.key().address()).isZero());
    chain.mine(3);
    rig.await(DepositConfirmed.class, c -> c.channelId().equals(payer.channel()));
    return payer;
  }

  private void admin(String function) {
    var settlement =
        new org.web3j.abi.datatypes.Address(DevAccount.SETTLEMENT.address().toString());
    var call = new Function(function, List.of(settlement), List.of());
    rig.send(
        DevAccount.DEPLOYER.address(),
        chain.deployment().vault(),
        Bytes.of(FunctionEncoder.encode(call)));
  }

  private long failedBatches() {
    return rig.jdbc()
        .sql("SELECT count(*) FROM claim_batch WHERE state = 'FAILED'")
        .query(Long.class)
        .single();
  }

  /// What was claimed and is in final blocks by now, because each look adds one.
  private Amount claimed() {
    chain.mine(1);
    return new Amount(
        rig.jdbc()
            .sql("SELECT sum(claimed) FROM channel")
            .query(java.math.BigDecimal.class)
            .single()
            .toBigInteger());
  }

  private Amount escrow() {
    return chain.tokenBalance(chain.deployment().channels());
  }
}
