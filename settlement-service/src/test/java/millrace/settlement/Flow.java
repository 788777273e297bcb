package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.awaitility.Awaitility;

/// The way of money through the hub, step by step, on a chain that grows while one waits.
final class Flow {
  private static final AtomicLong NUMBERS = new AtomicLong(500_000);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Rig rig;
  private final DevChain chain;
  private long mark;

  Flow(Rig rig) {
    this.rig = rig;
    this.chain = rig.chain();
  }

  /// What was sent before is of no interest from here on.
  void begin() {
    mark =
        rig.jdbc()
            .sql("SELECT coalesce(max(id), 0) FROM chain_transaction")
            .query(Long.class)
            .single();
  }

  Payer payer(long tokens) {
    return new Payer(chain, tokens);
  }

  DepositAuthorized deposit(Payer payer, long amount) {
    var authorized = payer.authorize(amount);
    rig.publish(authorized);
    return authorized;
  }

  PayoutRequested payout(Address merchant, long amount) {
    var requested =
        new PayoutRequested(
            new PayoutId("po_%026d".formatted(NUMBERS.incrementAndGet())),
            new MerchantId("mer_%026d".formatted(7)),
            merchant,
            chain.deployment().token(),
            Amount.of(amount),
            Instant.now());
    rig.publish(requested);
    return requested;
  }

  static Address newMerchant() {
    return Address.of("0x%040x".formatted(0xdef000 + NUMBERS.incrementAndGet()));
  }

  /// A payer whose deposit of that size is final.
  Payer funded(long amount) {
    var payer = payer(amount);
    awaitDeposit(deposit(payer, amount));
    return payer;
  }

  void awaitDeposit(DepositAuthorized authorized) {
    await("the deposit is final", () -> !confirmations(authorized).isEmpty());
  }

  List<DepositConfirmed> confirmations(DepositAuthorized authorized) {
    return rig.heard(DepositConfirmed.class).stream()
        .filter(c -> c.authorizationNonce().equals(authorized.authorizationNonce()))
        .toList();
  }

  void awaitClaim(Payer payer) {
    await("the claim is final", () -> !claims(payer).isEmpty());
  }

  List<ClaimConfirmed> claims(Payer payer) {
    return rig.heard(ClaimConfirmed.class).stream()
        .filter(c -> c.channels().stream().anyMatch(ch -> ch.channelId().equals(payer.channel())))
        .toList();
  }

  void awaitPayout(PayoutRequested payout) {
    await("the payout is final", () -> !payments(payout).isEmpty());
  }

  List<PayoutConfirmed> payments(PayoutRequested payout) {
    return rig.heard(PayoutConfirmed.class).stream()
        .filter(p -> p.payoutId().equals(payout.payoutId()))
        .toList();
  }

  /// With a new block at each look.
  void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              if (condition.call()) return true;
              chain.mine(1);
              return false;
            });
  }

  /// In which block the newest transaction of that kind is, once it is in one.
  long awaitBlockOf(String kind) {
    await(kind + " is mined", () -> blockOf(kind).isPresent());
    return blockOf(kind).orElseThrow();
  }

  Optional<Long> blockOf(String kind) {
    var hash =
        rig.jdbc()
            .sql(
                """
                SELECT '0x' || encode(a.hash, 'hex')
                  FROM chain_transaction t JOIN chain_attempt a ON a.transaction_id = t.id
                 WHERE t.purpose LIKE :kind || '/%' AND t.id > :mark AND a.hash IS NOT NULL
                 ORDER BY t.id DESC, a.number DESC LIMIT 1
                """)
            .param("kind", kind)
            .param("mark", mark)
            .query(String.class)
            .optional();
    return hash.map(h -> chain.rpc("eth_getTransactionReceipt", h))
        .map(receipt -> receipt.path("blockNumber").asString(""))
        .filter(number -> number.startsWith("0x"))
        .map(number -> Long.parseLong(number.substring(2), 16));
  }

  /// How many transactions of that kind this service asked for.
  long transactions(String kind) {
    return rig.jdbc()
        .sql("SELECT count(*) FROM chain_transaction WHERE purpose LIKE :kind || '/%'")
        .param("kind", kind)
        .query(Long.class)
        .single();
  }

  /// Takes the newest transaction of a kind out of the chain with at least that many blocks.
  void reorganiseAway(String kind, int depth) {
    long block = awaitBlockOf(kind);
    int above = Math.toIntExact(chain.blockNumber() - block + 1);
    if (above < depth) chain.mine(depth - above);
    chain.reorg(Math.max(depth, above));
    assertThat(blockOf(kind).filter(again -> again <= block)).isEmpty();
  }
}
