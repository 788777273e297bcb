package millrace.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import millrace.chain.Hub;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.contract.ContractEvent.AuthorizationUsed;
import millrace.chain.contract.ContractEvent.ChannelCreated;
import millrace.chain.contract.ContractEvent.Claimed;
import millrace.chain.contract.ContractEvent.Deposited;
import millrace.chain.contract.ContractEvent.PaidInFull;
import millrace.chain.contract.ContractEvent.Refunded;
import millrace.chain.contract.ContractEvent.RowSkipped;
import millrace.chain.contract.ContractEvent.Settled;
import millrace.chain.contract.ContractEvent.WithdrawFinalized;
import millrace.chain.contract.ContractEvent.WithdrawInitiated;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.CallResult;
import millrace.chain.rpc.Receipt;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The real contracts take what is encoded here, and what they say is read back.
class ContractsIT {
  private static DevChain chain;
  private static Hub hub;
  private static Rpc rpc;
  private static ContractEvents events;
  private static ChannelReader channels;
  private static TokenReader token;
  private static VaultReader vault;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    hub = new Hub(chain);
    rpc = hub.rpc();
    rpc.verifyChain();
    events = hub.events();
    channels = new ChannelReader(rpc, chain.deployment().channels());
    token = new TokenReader(rpc, chain.deployment().token());
    vault = new VaultReader(rpc, chain.deployment().vault());
  }

  @AfterAll
  static void stop() {
    rpc.close();
    chain.close();
  }

  @Test
  void aChannelLivesFromDepositToWithdrawal() {
    var alice = DevAccount.payer(0).key();
    var config = hub.channelOf(alice);
    var id = hub.idOf(config);
    chain.mint(alice.address(), Amount.of(10_000));

    assertThat(deposit(alice, 10_000))
        .contains(
            new ChannelCreated(id, config),
            new Deposited(
                id, DevAccount.SETTLEMENT.address(), Amount.of(10_000), Amount.of(10_000)),
            new AuthorizationUsed(alice.address(), TokenDomain.depositNonce(id, salt(1))));

    var claim = ContractCalls.claim(List.of(hub.row(alice, config, 4_000, 3_000)));
    assertThat(send(DevAccount.SETTLEMENT.address(), chain.deployment().vault(), claim))
        .containsExactly(new Claimed(id, chain.deployment().vault(), Amount.of(3_000)));

    var leave = ContractCalls.initiateWithdraw(config, Amount.of(7_000));
    var seen = send(alice.address(), chain.deployment().channels(), leave);
    long due = chain.time().getEpochSecond() + Hub.WITHDRAW_DELAY_SECONDS;
    assertThat(seen).containsExactly(new WithdrawInitiated(id, Amount.of(7_000), due));

    var refund = ContractCalls.refund(hub.row(alice, config, 4_000, 3_500), Amount.of(500));
    assertThat(send(DevAccount.SETTLEMENT.address(), chain.deployment().vault(), refund))
        .contains(new Refunded(id, chain.deployment().vault(), Amount.of(500)));

    var state = channels.state(new ChannelKey(id, Hub.WITHDRAW_DELAY_SECONDS), rpc.head().id());
    assertThat(state.balance()).isEqualTo(Amount.of(9_500));
    assertThat(state.claimed()).isEqualTo(Amount.of(3_500));
    assertThat(state.refundNonce()).isEqualTo(BigInteger.ONE);
    assertThat(state.withdrawal().orElseThrow().amount()).isEqualTo(Amount.of(6_500));
    assertThat(state.withdrawal().orElseThrow().finalizeAfterSeconds()).isEqualTo(due);

    chain.increaseTime(java.time.Duration.ofSeconds(Hub.WITHDRAW_DELAY_SECONDS));
    var finish = ContractCalls.finalizeWithdraw(config);
    assertThat(send(alice.address(), chain.deployment().channels(), finish))
        .containsExactly(new WithdrawFinalized(id, alice.address(), Amount.of(6_000)));
    var after = channels.state(new ChannelKey(id, Hub.WITHDRAW_DELAY_SECONDS), rpc.head().id());
    assertThat(after.withdrawal()).isEmpty();
    assertThat(after.balance()).isEqualTo(Amount.of(3_500));
  }

  @Test
  void claimedMoneyReachesTheMerchants() {
    var bob = DevAccount.payer(1).key();
    var config = hub.channelOf(bob);
    var merchant = Persona.MERCHANT.address();
    var settlement = DevAccount.SETTLEMENT.address();
    var deployed = chain.deployment();
    chain.mint(bob.address(), Amount.of(9_000));
    deposit(bob, 9_000);
    send(
        settlement,
        deployed.vault(),
        ContractCalls.claim(List.of(hub.row(bob, config, 9_000, 9_000))));
    var head = rpc.head().hash();
    assertThat(channels.earned(deployed.vault(), deployed.token(), head).unsettled())
        .isGreaterThanOrEqualTo(Amount.of(9_000));
    assertThat(accountOf(merchant)).satisfies(account -> assertThat(account.announced()).isFalse());

    send(settlement, deployed.vault(), ContractCalls.announcePayee(merchant));
    var credit =
        ContractCalls.credit(
            deployed.token(), List.of(new PromisedTotal(merchant, Amount.of(8_000))), true);
    assertThat(send(settlement, deployed.vault(), credit))
        .anySatisfy(event -> assertThat(event).isInstanceOf(Settled.class))
        .contains(new PaidInFull(merchant, deployed.token(), Amount.of(8_000)));
    head = rpc.head().hash();
    var account = accountOf(merchant);
    assertThat(account.credited()).isEqualTo(Amount.of(8_000));
    assertThat(account.paid()).isEqualTo(Amount.of(8_000));
    assertThat(account.announced()).isTrue();
    assertThat(vault.free(deployed.token(), head)).isGreaterThanOrEqualTo(Amount.of(1_000));
    assertThat(vault.newPayeeCapLeft(deployed.token(), head)).isGreaterThan(Amount.ZERO);
  }

  @Test
  void aBadRowIsNamed() {
    var carol = DevAccount.payer(2).key();
    var row = hub.row(carol, hub.channelOf(carol), 500, 500);
    var seen =
        send(
            DevAccount.SETTLEMENT.address(),
            chain.deployment().vault(),
            ContractCalls.claim(List.of(row)));
    assertThat(seen)
        .singleElement()
        .isInstanceOfSatisfying(
            RowSkipped.class,
            skipped -> {
              assertThat(skipped.channelId()).isEqualTo(hub.idOf(row.config()));
              assertThat(skipped.reason().length()).isEqualTo(4);
            });
  }

  @Test
  void packedRowsAreTakenAndEveryRecordedOneIsReadBackFromOneLog() {
    var vault = chain.deployment().vault();
    var payers = List.of(DevAccount.payer(4), DevAccount.payer(5), DevAccount.payer(6));
    for (var payer : payers) {
      chain.mint(payer.address(), Amount.of(10_000));
      deposit(payer.key(), 10_000);
    }
    var plain = hub.row(payers.get(0).key(), hub.channelOf(payers.get(0).key()), 3_000, 3_000);
    var below = hub.row(payers.get(1).key(), hub.channelOf(payers.get(1).key()), 5_000, 4_000);
    var greedy = hub.row(payers.get(2).key(), hub.channelOf(payers.get(2).key()), 5_000, 5_001);
    var call = ClaimCall.of(ClaimForm.COMPACT, List.of(greedy, below, plain));
    assertThat(call.form()).isEqualTo(ClaimForm.COMPACT);
    assertThat(send(DevAccount.SETTLEMENT.address(), vault, call.data()))
        .containsExactlyInAnyOrder(
            new Claimed(hub.idOf(plain.config()), vault, Amount.of(3_000)),
            new Claimed(hub.idOf(below.config()), vault, Amount.of(4_000)));
    var key = new ChannelKey(hub.idOf(below.config()), Hub.WITHDRAW_DELAY_SECONDS);
    assertThat(channels.state(key, rpc.head().id()).claimed()).isEqualTo(Amount.of(4_000));
  }

  @Test
  void readsTheToken() {
    var mallory = DevAccount.payer(3).key();
    chain.mint(mallory.address(), Amount.of(77));
    assertThat(token.balanceOf(mallory.address(), BlockRef.LATEST)).isEqualTo(Amount.of(77));
    assertThat(token.decimals(BlockRef.LATEST)).isEqualTo(BigInteger.valueOf(6));
    var deployed = chain.deployment();
    assertThat(token.domainSeparator(BlockRef.LATEST))
        .isEqualTo(
            new TokenDomain(
                    deployed.tokenName(), deployed.tokenVersion(), hub.chainId(), deployed.token())
                .separator());
    assertThat(token.authorizationUsed(mallory.address(), Bytes32.ZERO, BlockRef.LATEST)).isFalse();
  }

  @Test
  void aCallThatRevertsIsAnAnswerWithTheContractsError() {
    var nobody = Persona.MALLORY.address();
    var call = Call.from(nobody, chain.deployment().vault(), ContractCalls.announcePayee(nobody));
    assertThat(rpc.call(call, BlockRef.LATEST))
        .isInstanceOfSatisfying(
            CallResult.Reverted.class,
            reverted -> assertThat(reverted.data().length()).isEqualTo(4));
  }

  private static List<ContractEvent> deposit(
      millrace.protocol.eip712.SigningKey payer, long amount) {
    var config = hub.channelOf(payer);
    var authorization = hub.authorize(payer, config, Amount.of(amount), salt(1));
    return send(
        DevAccount.SETTLEMENT.address(),
        chain.deployment().channels(),
        ContractCalls.deposit(
            config, Amount.of(amount), chain.deployment().collector(), authorization));
  }

  private static VaultReader.PayeeAccount accountOf(Address payee) {
    return vault
        .accounts(List.of(payee), chain.deployment().token(), rpc.head().hash())
        .values()
        .iterator()
        .next();
  }

  /// The chain answers before it has mined.
  private static Receipt await(Bytes32 hash) {
    for (int i = 0; i < 200; i++) {
      var receipt = rpc.receipt(hash);
      if (receipt.isPresent()) return receipt.get();
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("not mined: " + hash);
  }

  private static BigInteger salt(long value) {
    return BigInteger.valueOf(value);
  }

  private static List<ContractEvent> send(Address from, Address to, Bytes data) {
    var transaction = Map.of("from", from.toString(), "to", to.toString(), "data", data.toString());
    var hash = Bytes32.of(chain.rpc("eth_sendTransaction", transaction).asString());
    var receipt = await(hash);
    assertThat(receipt.success()).isTrue();
    return receipt.logs().stream().flatMap(log -> events.decode(log).stream()).toList();
  }
}
