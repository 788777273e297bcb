package millrace.watchtower;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.DepositAuthorization;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent.DueChanged;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.awaitility.Awaitility;

/// Somebody with a channel on a development chain, new at every call.
final class Payer {
  static final long DELAY_SECONDS = 900;
  private static final BigInteger FOREVER = BigInteger.valueOf(4_000_000_000L);

  private final DevChain chain;
  private final Rpc rpc;
  private final SigningKey key;
  private final ChannelConfig config;
  private final ChannelsDomain domain;

  private Payer(DevChain chain, Rpc rpc, SigningKey key) {
    var deployed = chain.deployment();
    this.chain = chain;
    this.rpc = rpc;
    this.key = key;
    this.domain = new ChannelsDomain(BigInteger.valueOf(deployed.chainId()), deployed.channels());
    this.config =
        new ChannelConfig(
            key.address(),
            key.address(),
            deployed.vault(),
            deployed.vault(),
            deployed.token(),
            DELAY_SECONDS,
            Bytes32.ZERO);
  }

  static Payer withChannel(DevChain chain, Rpc rpc, long deposit) {
    var secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    var payer = new Payer(chain, rpc, SigningKey.of(Bytes32.of(secret)));
    payer.deposit(deposit);
    return payer;
  }

  ChannelId channelId() {
    return domain.channelId(config);
  }

  void deposit(long units) {
    deposit(units, 1);
  }

  /// @param salt another one for each deposit
  void deposit(long units, long salt) {
    var deployed = chain.deployment();
    chain.mint(key.address(), Amount.of(units));
    chain.setBalance(key.address(), BigInteger.TEN.pow(18));
    chain.rpc("anvil_impersonateAccount", key.address().toString());
    var token =
        new TokenDomain(
            deployed.tokenName(), deployed.tokenVersion(), domain.chainId(), deployed.token());
    var digest =
        token.digest(
            key.address(),
            deployed.collector(),
            Amount.of(units),
            BigInteger.ZERO,
            FOREVER,
            TokenDomain.depositNonce(channelId(), BigInteger.valueOf(salt)));
    var authorization =
        new DepositAuthorization(
            BigInteger.ZERO, FOREVER, BigInteger.valueOf(salt), key.sign(digest));
    var before = state().balance();
    send(
        DevAccount.SETTLEMENT.address(),
        deployed.channels(),
        ContractCalls.deposit(config, Amount.of(units), deployed.collector(), authorization));
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(state().balance()).isEqualTo(before.plus(Amount.of(units))));
  }

  void initiateWithdraw(long units) {
    askToWithdraw(units);
    Awaitility.await().untilAsserted(() -> assertThat(state().withdrawal()).isPresent());
  }

  /// In a block of its own, after which blocks are only made when asked for.
  void initiateWithdrawUnanswered(long units) {
    chain.setAutomine(false);
    askToWithdraw(units);
    chain.mine(1);
    assertThat(state().withdrawal()).isPresent();
  }

  /// Without waiting for a block.
  void askToWithdraw(long units) {
    send(
        key.address(),
        chain.deployment().channels(),
        ContractCalls.initiateWithdraw(config, Amount.of(units)));
  }

  void finalizeWithdraw() {
    chain.increaseTime(Duration.ofSeconds(DELAY_SECONDS + 1));
    takeOut();
    Awaitility.await().untilAsserted(() -> assertThat(state().withdrawal()).isEmpty());
  }

  /// As soon as a block is made.
  void takeOut() {
    send(key.address(), chain.deployment().channels(), ContractCalls.finalizeWithdraw(config));
  }

  /// The hub gives the rest back, which ends a withdrawal of no more than that.
  void refundedByTheHub(long claimed, long units) {
    var row = new ClaimRow(config, voucher(claimed), Amount.of(claimed));
    send(
        DevAccount.SETTLEMENT.address(),
        chain.deployment().vault(),
        ContractCalls.refund(row, Amount.of(units)));
    Awaitility.await().untilAsserted(() -> assertThat(state().withdrawal()).isEmpty());
  }

  /// As settlement-service would.
  void claimBySettlement(long ceiling, long totalClaimed) {
    var row = new ClaimRow(config, voucher(ceiling), Amount.of(totalClaimed));
    send(
        DevAccount.SETTLEMENT.address(),
        chain.deployment().vault(),
        ContractCalls.claim(java.util.List.of(row)));
    Awaitility.await()
        .untilAsserted(() -> assertThat(claimed()).isEqualTo(Amount.of(totalClaimed)));
  }

  Amount claimed() {
    return state().claimed();
  }

  ChainState state() {
    return new ChannelReader(rpc, chain.deployment().channels())
        .state(new ChannelKey(channelId(), DELAY_SECONDS), rpc.head().id());
  }

  SignedVoucher voucher(long ceiling) {
    return signed(key, ceiling);
  }

  SignedVoucher signed(SigningKey by, long ceiling) {
    var voucher = new Voucher(channelId(), Amount.of(ceiling));
    return new SignedVoucher(voucher, by.sign(domain.digest(voucher)));
  }

  /// A payment that was charged in full.
  PaymentAccepted paid(long charged, long sequence) {
    return paid(voucher(charged), charged, sequence);
  }

  PaymentAccepted paid(SignedVoucher voucher, long charged, long sequence) {
    return new PaymentAccepted(
        new PaymentId("pay_01j0payment000000000000001"),
        channelId(),
        config,
        new MerchantId("mer_01j0merchant00000000000001"),
        Amount.of(1),
        Amount.of(charged),
        voucher,
        sequence,
        "/",
        Instant.EPOCH);
  }

  /// Of what is charged, only `due` is to be claimed: the rest is held, or was given back.
  PaymentAccepted paid(long charged, long due, long sequence) {
    var all = paid(charged, sequence);
    return new PaymentAccepted(
        all.paymentId(),
        all.channelId(),
        all.config(),
        all.merchantId(),
        all.amount(),
        all.charged(),
        all.voucher(),
        sequence,
        all.resource(),
        all.at(),
        Optional.of(Amount.of(due)));
  }

  /// Nothing is charged, and another part of it is due than before: a refund leaves on chain.
  DueChanged due(long charged, long due, long sequence) {
    return new DueChanged(
        channelId(),
        config,
        Amount.of(charged),
        Amount.of(due),
        voucher(charged),
        sequence,
        Instant.EPOCH);
  }

  private void send(Address from, Address to, Bytes data) {
    chain.rpc(
        "eth_sendTransaction",
        Map.of("from", from.toString(), "to", to.toString(), "data", data.toString()));
  }
}
