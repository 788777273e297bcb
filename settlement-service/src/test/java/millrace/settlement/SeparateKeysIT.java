package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.chain.rpc.Bytes;
import millrace.contracts.HubVault;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;

/// A hub as it is in production: every role of the vault has a key of its own.
class SeparateKeysIT {
  private static final DevAccount CLAIMER = DevAccount.payer(0);
  private static final DevAccount PROMISER = DevAccount.payer(1);
  private static final DevAccount REFUNDER = DevAccount.payer(2);

  private DevChain chain;
  private Rig rig;

  @BeforeEach
  void start() {
    chain = TestChain.start();
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.settlement.claimer-key", CLAIMER.privateKey(),
                "millrace.settlement.promise-key", PROMISER.privateKey(),
                "millrace.settlement.refunder-key", REFUNDER.privateKey()));
  }

  @AfterEach
  void stop() {
    rig.close();
    chain.close();
  }

  @Test
  void eachRoleSendsFromItsOwnAccountAndNoneWaitsForAnother() {
    giveRoles();
    var flow = new Flow(rig);
    var merchant = flow.paidMerchant();
    var leaver = flow.funded(30_000);
    long unused = nonce(DevAccount.SETTLEMENT);

    chain.setAutomine(false);
    var payment = flow.nextPayment(15_000);
    flow.publish(payment);
    var payout = flow.payout(merchant, 2_000);
    var refund = flow.refund(leaver, 10_000, 5_000);
    rig.await("all three wait for the same block", () -> pending() == 3);
    chain.mine(1);
    assertThat(sendersOfTheLastBlock())
        .containsExactlyInAnyOrder(CLAIMER.address(), PROMISER.address(), REFUNDER.address());

    chain.setAutomine(true);
    flow.await("the claim is final", () -> claimed(flow, payment.charged()));
    flow.awaitPayout(payout);
    rig.await(RefundConfirmed.class, confirmed -> confirmed.refundId().equals(refund.refundId()));
    assertThat(nonce(DevAccount.SETTLEMENT)).isEqualTo(unused);
  }

  private static boolean claimed(Flow flow, Amount total) {
    return !flow.claims(flow.spender(), total).isEmpty();
  }

  private void giveRoles() {
    administer(HubVault.FUNC_ADDCLAIMER, address(CLAIMER));
    administer(HubVault.FUNC_ADDPROMISEKEY, address(PROMISER));
    administer(HubVault.FUNC_SETREFUNDER, address(REFUNDER));
    chain.increaseTime(Duration.ofSeconds(11));
    administer(HubVault.FUNC_CONFIRMREFUNDER);
  }

  private void administer(String function, Type<?>... arguments) {
    var data = FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    rig.send(DevAccount.DEPLOYER.address(), chain.deployment().vault(), Bytes.of(data));
  }

  private static Type<?> address(DevAccount account) {
    return new org.web3j.abi.datatypes.Address(account.address().toString());
  }

  private long pending() {
    return Long.decode(chain.rpc("txpool_status").path("pending").asString());
  }

  private List<Address> sendersOfTheLastBlock() {
    return chain.rpc("eth_getBlockByNumber", "latest", true).path("transactions").values().stream()
        .map(transaction -> Address.of(transaction.path("from").asString()))
        .toList();
  }

  private long nonce(DevAccount account) {
    var address = account.address().toString();
    return Long.decode(chain.rpc("eth_getTransactionCount", address, "latest").asString());
  }
}
