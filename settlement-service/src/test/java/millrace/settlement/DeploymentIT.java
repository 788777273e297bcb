package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.chain.contract.ContractCalls;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.chain.Senders;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A hub that is configured for another token than the one on chain.
class DeploymentIT {
  private static final String DECIMALS = "millrace.hub.token.decimals";
  private static final String ASK_DECIMALS = "0x313ce567";

  private DevChain chain;
  private FaultyNode node;
  private Rig rig;

  @BeforeEach
  void start() {
    chain = TestChain.start();
    node = new FaultyNode(chain.rpcUrl());
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.chain.rpc-urls",
                node.address(),
                "millrace.chain.request-timeout",
                "30s",
                "millrace.chain.request-attempts",
                1));
  }

  @AfterEach
  void stop() {
    node.heal();
    rig.close();
    node.close();
    chain.close();
  }

  @Test
  void aTokenWithOtherDecimalsThanConfiguredStopsTheStart() {
    assertThatThrownBy(() -> rig.restart(Map.of(DECIMALS, 18)))
        .hasStackTraceContaining("the token has 6 decimals, millrace.hub.token.decimals says 18");
  }

  @Test
  void aTokenThatSignsUnderAnotherNameThanConfiguredStopsTheStart() {
    assertThatThrownBy(() -> rig.restart(Map.of("millrace.hub.token.name", "Dollar Coin")))
        .hasStackTraceContaining("are not those of the token's EIP-712 domain");
  }

  @Test
  void nothingIsBegunUntilANodeHasConfirmedTheToken() {
    var alice = new Payer(chain, 50_000);
    node.on("eth_call", (request, _) -> FaultyNode.error(request, "not now"));
    long before = sent();
    rig.restart(Map.of(DECIMALS, 18));
    rig.publish(alice.authorize(50_000));
    rig.await("the deposit is known", this::hasDeposit);
    askForAnnouncement(alice.key().address());
    var asked = new AtomicInteger();
    node.on(
        "eth_call",
        (request, real) -> {
          if (request.toString().contains(ASK_DECIMALS)) asked.incrementAndGet();
          return real.apply(request);
        });
    rig.await("the token is asked again and again", () -> asked.get() > 10);
    assertThat(sent()).isEqualTo(before);

    rig.restart(Map.of(DECIMALS, 6));
    var confirmed = rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
    assertThat(confirmed.after().balance()).isEqualTo(Amount.of(50_000));
  }

  /// As what came in before a restart: it waits with the sender, and no worker begins it.
  private void askForAnnouncement(Address payee) {
    rig.bean(Senders.class)
        .promiser()
        .submit(
            new TransactionRequest(
                Purpose.of("announce", payee + "/1"),
                chain.deployment().vault(),
                ContractCalls.announcePayee(payee),
                new Gas.Estimated(200_000)));
  }

  private long sent() {
    var account = DevAccount.SETTLEMENT.address().toString();
    return Long.decode(chain.rpc("eth_getTransactionCount", account, "latest").asString());
  }

  private boolean hasDeposit() {
    return rig.jdbc().sql("SELECT count(*) FROM deposit").query(Long.class).single() == 1;
  }
}
