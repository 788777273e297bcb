package millrace.settlement;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.vault.VaultDomain;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;

/// Settlement and a vault of their own, for the tests of what is promised.
class PromiseScene {
  static final AtomicLong NUMBERS = new AtomicLong(50_000);

  /// Of this test alone: the topics are those of all tests.
  final Address one = payee();

  final Address other = payee();
  final DevChain chain = TestChain.start();
  Rig rig = start("24h");

  Rig start(String creditAfter) {
    return new Rig(
        chain,
        Map.of(
            "millrace.settlement.promise.interval",
            "100ms",
            "millrace.settlement.promise.credit-after",
            creditAfter));
  }

  @AfterEach
  void stop() {
    rig.close();
    chain.close();
  }

  static MerchantId merchant(Address payee) {
    return new MerchantId("mer_%026x".formatted(new BigInteger(1, payee.toArray())));
  }

  void earned(Address payee, long total) {
    rig.publish(
        new MerchantEarned(merchant(payee), payee, token(), Amount.of(total), Instant.now()));
  }

  Payer funded(long amount) {
    var payer = new Payer(chain, amount);
    var authorized = payer.authorize(amount);
    rig.publish(authorized);
    rig.await(DepositConfirmed.class, c -> c.channelId().equals(payer.channel()));
    return payer;
  }

  /// So much in all is charged and claimed of the channel.
  void claimed(Payer payer, long total) {
    rig.publish(payer.pay(total));
    rig.await(
        ClaimConfirmed.class,
        claim ->
            claim.channels().stream()
                .anyMatch(
                    channel ->
                        channel.channelId().equals(payer.channel())
                            && channel.totalClaimed().equals(Amount.of(total))));
  }

  PromiseIssued promise(Address payee, long cumulative) {
    return rig.await(
        PromiseIssued.class,
        issued ->
            issued.payee().equals(payee) && issued.cumulative().equals(Amount.of(cumulative)));
  }

  Amount highest(Address payee) {
    return rig.heard(PromiseIssued.class).stream()
        .filter(issued -> issued.payee().equals(payee))
        .map(PromiseIssued::cumulative)
        .reduce(Amount.ZERO, Amount::max);
  }

  String state(Address payee) {
    return rig.jdbc()
        .sql("SELECT state FROM payee WHERE payee = ?")
        .param(payee.toArray())
        .query(String.class)
        .optional()
        .orElse("");
  }

  long count(String sql) {
    return rig.jdbc().sql(sql).query(Long.class).single();
  }

  PayoutRequested payout(Address payee, long amount) {
    return new PayoutRequested(
        new PayoutId("po_%026d".formatted(NUMBERS.incrementAndGet())),
        new MerchantId("mer_%026d".formatted(7)),
        payee,
        token(),
        Amount.of(amount),
        Instant.now());
  }

  void redeem(PromiseIssued promise) {
    vaultCall(
        Persona.MALLORY.address(),
        "redeem",
        address(promise.payee()),
        address(promise.token()),
        uint128(promise.cumulative().units().longValueExact()),
        new DynamicBytes(promise.signature().toArray()));
  }

  void vaultCall(Address from, String function, Type<?>... arguments) {
    chain.setBalance(from, BigInteger.TEN.pow(18));
    var data = FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    rig.send(from, chain.deployment().vault(), Bytes.of(data));
  }

  VaultDomain domain() {
    var deployed = chain.deployment();
    return new VaultDomain(BigInteger.valueOf(deployed.chainId()), deployed.vault());
  }

  Address token() {
    return chain.deployment().token();
  }

  static Address payee() {
    return Address.of("0x%040x".formatted(0xdef000 + NUMBERS.incrementAndGet()));
  }

  static org.web3j.abi.datatypes.Address address(Address address) {
    return new org.web3j.abi.datatypes.Address(address.toString());
  }

  static Uint128 uint128(long units) {
    return new Uint128(units);
  }
}
