package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What deposits may cost, and when they are told of.
class DepositGuardIT {
  private final DevChain chain = TestChain.start();

  @AfterEach
  void stop() {
    chain.close();
  }

  @Test
  void aDepositThatNeedsMoreGasThanTheCapIsNotRelayed() {
    try (var rig = new Rig(chain, Map.of("millrace.settlement.deposit.gas-cap", 60_000))) {
      var alice = new Payer(chain, 50_000);
      var authorized = alice.authorize(50_000);
      rig.publish(authorized);
      var failed =
          rig.await(
              DepositFailed.class,
              f -> f.authorizationNonce().equals(authorized.authorizationNonce()));
      assertThat(failed.reason()).isEqualTo(DepositFailure.SIMULATION_FAILED);
      assertThat(chain.tokenBalance(chain.deployment().channels())).isEqualTo(Amount.ZERO);
      var sent =
          rig.jdbc()
              .sql("SELECT count(*) FROM chain_transaction WHERE gas_used IS NOT NULL")
              .query(Long.class)
              .single();
      assertThat(sent).as("gas was paid for nothing").isZero();
    }
  }

  @Test
  void aDepositIsToldOfAtTheHeadAndConfirmedWhenItIsFinal() {
    chain.mine(5); // The contracts are in a final block.
    try (var rig = new Rig(chain, Map.of("millrace.chain.confirmations", 5))) {
      var alice = new Payer(chain, 50_000);
      rig.publish(alice.authorize(30_000));
      var seen = rig.await(DepositSeen.class, s -> s.channelId().equals(alice.channel()));
      assertThat(seen.amount()).isEqualTo(Amount.of(30_000));
      assertThat(seen.balance()).isEqualTo(Amount.of(30_000));
      assertThat(rig.heard(DepositConfirmed.class)).isEmpty();
      chain.mine(5);
      var confirmed = rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
      assertThat(confirmed.transaction()).isEqualTo(seen.transaction());
    }
  }
}
