package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.eip712.Words;
import millrace.protocol.type.Amount;
import millrace.testkit.FaultyNode;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;

/// What deposits may cost, and when they are told of.
class DepositGuardIT {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

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
      assertThat(rig.heard(DepositConfirmed.class))
          .noneMatch(c -> c.channelId().equals(alice.channel()));
      chain.mine(5);
      var confirmed = rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
      assertThat(confirmed.transaction()).isEqualTo(seen.transaction());
    }
  }

  @Test
  void anAuthorizationThatItsPayerCancelsFailsAtOnce() {
    try (var rig = new Rig(chain, Map.of("millrace.settlement.deposit.search-patience", "1h"))) {
      var alice = new Payer(chain, 50_000);
      var authorized = alice.authorize(30_000);
      rig.send(alice.key().address(), chain.deployment().token(), cancel(alice, authorized));
      rig.publish(authorized);
      var failed =
          rig.await(
              DepositFailed.class,
              f -> f.authorizationNonce().equals(authorized.authorizationNonce()));
      assertThat(failed.reason()).isEqualTo(DepositFailure.NONCE_USED_ELSEWHERE);
      assertThat(failed.detail()).startsWith("cancelled by 0x");
    }
  }

  /// A node that was down for longer than the patience, and tells of logs late when it comes back.
  @Test
  void timeInWhichNobodyCouldLookForADepositDoesNotCountAgainstIt() throws Exception {
    try (var node = new FaultyNode(chain.rpcUrl());
        var rig =
            new Rig(
                chain,
                Map.of(
                    "millrace.chain.rpc-urls",
                    node.address(),
                    "millrace.chain.request-timeout",
                    "1s",
                    "millrace.chain.request-attempts",
                    "1",
                    "millrace.settlement.deposit.search-patience",
                    PATIENCE.toMillis() + "ms"))) {
      var alice = new Payer(chain, 50_000);
      var authorized = alice.authorize(30_000);
      chain.setBalance(Persona.MALLORY.address(), BigInteger.TEN.pow(18));
      rig.send(
          Persona.MALLORY.address(),
          chain.deployment().channels(),
          ContractCalls.deposit(
              alice.config(),
              Amount.of(30_000),
              chain.deployment().collector(),
              Payer.authorizationOf(authorized)));
      node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
      node.lie("eth_getBlockReceipts", _ -> FaultyNode.emptyList());
      rig.publish(authorized);
      rig.await("it is looked for", () -> lookedForSince(rig).isPresent());
      var first = lookedForSince(rig).orElseThrow();
      node.stall();
      Thread.sleep(PATIENCE.plusMillis(500));
      node.resume();
      rig.await("it begins anew", () -> lookedForSince(rig).orElseThrow().isAfter(first));
      assertThat(rig.heard(DepositFailed.class))
          .noneMatch(failed -> failed.channelId().equals(alice.channel()));
      node.heal();
      rig.await(DepositConfirmed.class, c -> c.channelId().equals(alice.channel()));
    }
  }

  private static Optional<Instant> lookedForSince(Rig rig) {
    return rig.jdbc()
        .sql("SELECT used_since FROM deposit WHERE used_since IS NOT NULL")
        .query(OffsetDateTime.class)
        .optional()
        .map(OffsetDateTime::toInstant);
  }

  private Bytes cancel(Payer payer, DepositAuthorized authorized) {
    var deployed = chain.deployment();
    var domain =
        new TokenDomain(
            deployed.tokenName(),
            deployed.tokenVersion(),
            BigInteger.valueOf(deployed.chainId()),
            deployed.token());
    var struct =
        Words.struct(Words.typeHash("CancelAuthorization(address authorizer,bytes32 nonce)"), 2)
            .put(payer.key().address())
            .put(authorized.authorizationNonce())
            .hash();
    var message = ByteBuffer.allocate(66).put((byte) 0x19).put((byte) 0x01);
    message.put(domain.separator().toArray()).put(struct);
    var signature = payer.key().sign(Keccak.hash(message.array()));
    return Bytes.of(
        FunctionEncoder.encode(
            new Function(
                "cancelAuthorization",
                List.of(
                    new org.web3j.abi.datatypes.Address(payer.key().address().toString()),
                    new org.web3j.abi.datatypes.generated.Bytes32(
                        authorized.authorizationNonce().toArray()),
                    new DynamicBytes(signature.toArray())),
                List.of())));
  }
}
