package millrace.payer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.contracts.PaymentChannels;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.payer.PayerChain.ChainRefusal;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Extra;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentRequirements;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.gas.DynamicGasProvider;
import org.web3j.utils.Numeric;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Web3jPayerChainIT {
  private static final SigningKey ALICE = Persona.ALICE.key();
  private static final Amount DEPOSIT = Amount.of(10_000);

  private final DevChain chain = TestChain.start();
  private final Network network = Network.of(chain.deployment().chainId());
  private final PayerKeys keys = PayerKeys.of(ALICE);
  private final Web3jPayerChain payerChain =
      new Web3jPayerChain(
          URI.create(chain.rpcUrl()), network.chainId(), Deployment.CANONICAL.channels(), ALICE);
  private final PaymentRequirements offer = offer();

  @BeforeAll
  void fund() {
    chain.fund(ALICE.address(), Amount.of(1_000_000));
  }

  @AfterAll
  void close() {
    payerChain.close();
    chain.close();
  }

  @Test
  void aPayerLeavesWithoutTheHubAndTakesAllThatIsUnclaimed() throws Exception {
    var channel = opened(Bytes32.ZERO);
    var store = new MemoryStore();
    store.save(
        PayerChannel.unknown(channel.id(), network, channel.config(), Amount.ZERO, DEPOSIT)
            .sending(Amount.of(1000)));
    var payer =
        Payer.with(ALICE, SpendLimits.of(Amount.of(1000), Amount.of(10_000)))
            .store(store)
            .chain(payerChain)
            .build();
    var before = chain.tokenBalance(ALICE.address());

    assertThat(payer.initiateWithdraw(channel.id(), Optional.empty()))
        .isInstanceOf(Withdrawal.Initiated.class);
    assertThat(payerChain.read(channel.id()).withdrawal()).isPresent();
    assertThat(payer.finalizeWithdraw(channel.id()))
        .as("before the delay is over")
        .isInstanceOf(Withdrawal.Failed.class);
    chain.increaseTime(Duration.ofSeconds(901));

    assertThat(payer.finalizeWithdraw(channel.id()))
        .isInstanceOfSatisfying(
            Withdrawal.Finalized.class,
            finalized -> assertThat(finalized.amount()).isEqualTo(DEPOSIT));
    assertThat(chain.tokenBalance(ALICE.address())).isEqualTo(before.plus(DEPOSIT));
    assertThat(store.load(channel.id()).orElseThrow().withdrawing()).isFalse();
  }

  @Test
  void whatTheContractRefusesIsARefusal() throws Exception {
    var channel = opened(Bytes32.of("0x" + "01".repeat(32)));
    assertThatThrownBy(() -> payerChain.finalizeWithdraw(channel.config()))
        .isInstanceOf(ChainRefusal.class);
    assertThatThrownBy(
            () -> payerChain.initiateWithdraw(channel.config(), DEPOSIT.plus(Amount.of(1))))
        .isInstanceOf(ChainRefusal.class);
    assertThat(payerChain.read(channel.id()).withdrawal()).isEmpty();
  }

  @Test
  void aNodeThatIsAwayIsNoRefusal() {
    try (var nowhere =
        new Web3jPayerChain(
            URI.create("http://127.0.0.1:1"),
            network.chainId(),
            Deployment.CANONICAL.channels(),
            ALICE)) {
      assertThatThrownBy(() -> nowhere.read(channel(Bytes32.ZERO).id()))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ChainRefusal.class);
    }
  }

  private PayerChannel channel(Bytes32 salt) {
    var config = keys.channelFor(offer, salt);
    var id = keys.deployment().domain(network).channelId(config);
    return PayerChannel.unknown(id, network, config, Amount.ZERO, Amount.ZERO);
  }

  /// Relays a deposit as a hub would.
  private PayerChannel opened(Bytes32 salt) throws Exception {
    var channel = channel(salt);
    var deposit =
        keys.deposit(offer, channel.config(), Amount.ZERO, DEPOSIT, Bytes32.ZERO, Instant.now())
            .deposit();
    var data =
        FunctionEncoder.encodeConstructor(
            List.of(
                new Uint256(deposit.validAfterSeconds()),
                new Uint256(deposit.validBeforeSeconds()),
                new Uint256(BigInteger.ZERO),
                new DynamicBytes(deposit.signature().toArray())));
    var web3j = Web3j.build(new HttpService(chain.rpcUrl()));
    var contract =
        PaymentChannels.load(
            chain.deployment().channels().toString(),
            web3j,
            new RawTransactionManager(
                web3j,
                Credentials.create(DevAccount.SETTLEMENT.privateKey()),
                chain.deployment().chainId()),
            new DynamicGasProvider(web3j));
    contract
        .deposit(
            struct(channel.config()),
            DEPOSIT.units(),
            chain.deployment().collector().toString(),
            Numeric.hexStringToByteArray(data))
        .send();
    web3j.shutdown();
    assertThat(payerChain.read(channel.id()).balance()).isEqualTo(DEPOSIT);
    return channel;
  }

  private static PaymentChannels.ChannelConfig struct(ChannelConfig config) {
    return new PaymentChannels.ChannelConfig(
        config.payer().toString(),
        config.payerAuthorizer().toString(),
        config.receiver().toString(),
        config.receiverAuthorizer().toString(),
        config.token().toString(),
        BigInteger.valueOf(config.withdrawDelaySeconds()),
        config.salt().toArray());
  }

  private PaymentRequirements offer() {
    var deployment = chain.deployment();
    return new PaymentRequirements(
        network,
        Amount.of(1000),
        deployment.token(),
        deployment.vault(),
        86_400,
        Extra.of(
            deployment.tokenName(), deployment.tokenVersion(), deployment.vault(), 900, DEPOSIT));
  }
}
