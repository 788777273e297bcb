package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.Event;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.ClaimedChannel;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// The way of money through the hub, step by step, on a chain that grows while one waits.
final class Flow {
  private static final AtomicLong NUMBERS = new AtomicLong(500_000);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Address ACCOUNT = DevAccount.SETTLEMENT.address();
  private static final long SPENDERS_DEPOSIT = 10_000_000;
  private static final long STOCK = 500_000;

  private final Rig rig;
  private final DevChain chain;
  private final long firstNonce;
  private final List<Payer> payers = new ArrayList<>();
  private final List<Address> merchants = new ArrayList<>();
  private long minted;
  private long strangers;
  private long mark;
  private @Nullable Payer spender;
  private long charged;
  private @Nullable Address paidMerchant;

  Flow(Rig rig) {
    this.rig = rig;
    this.chain = rig.chain();
    this.firstNonce = nonce();
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
    var payer = new Payer(chain, tokens);
    payers.add(payer);
    minted += tokens;
    return payer;
  }

  Address merchant() {
    var merchant = Address.of("0x%040x".formatted(0xdef000 + NUMBERS.incrementAndGet()));
    merchants.add(merchant);
    return merchant;
  }

  void publish(ChannelEvent event) {
    rig.publish(event);
  }

  DepositAuthorized deposit(Payer payer, long amount) {
    var authorized = payer.authorize(amount);
    publish(authorized);
    return authorized;
  }

  PayoutRequested payout(Address merchant, long amount) {
    var requested = payoutTo(merchant, amount);
    publish(requested);
    return requested;
  }

  PayoutRequested payoutTo(Address merchant, long amount) {
    return new PayoutRequested(
        new PayoutId("po_%026d".formatted(NUMBERS.incrementAndGet())),
        new MerchantId("mer_%026d".formatted(7)),
        merchant,
        chain.deployment().token(),
        Amount.of(amount),
        Instant.now());
  }

  /// Gives the payer so much back, after what it owes by now was claimed.
  RefundAuthorized refund(Payer payer, long totalClaimed, long amount) {
    var authorized = refund(payer, totalClaimed, amount, Optional.empty());
    publish(authorized);
    return authorized;
  }

  /// The same, as a merchant wants it.
  RefundAuthorized refundBy(MerchantId merchant, Payer payer, long totalClaimed, long amount) {
    return refund(payer, totalClaimed, amount, Optional.of(merchant));
  }

  private static RefundAuthorized refund(
      Payer payer, long totalClaimed, long amount, Optional<MerchantId> merchant) {
    return new RefundAuthorized(
        new RefundId("re_%026d".formatted(NUMBERS.incrementAndGet())),
        payer.channel(),
        payer.config(),
        payer.voucher(totalClaimed),
        Amount.of(totalClaimed),
        Amount.of(amount),
        Instant.now(),
        merchant);
  }

  List<RefundConfirmed> refunds(RefundAuthorized authorized) {
    return rig.heard(RefundConfirmed.class).stream()
        .filter(refund -> refund.refundId().equals(authorized.refundId()))
        .toList();
  }

  /// A payer whose deposit of that size is final.
  Payer funded(long amount) {
    var payer = payer(amount);
    awaitDeposit(deposit(payer, amount));
    return payer;
  }

  /// A payer with enough in its channel for all claims of a test class.
  Payer spender() {
    var known = spender;
    if (known == null) {
      known = funded(SPENDERS_DEPOSIT);
      spender = known;
    }
    return known;
  }

  /// The spender owes so much more.
  PaymentAccepted nextPayment(long more) {
    charged += more;
    return spender().pay(charged);
  }

  /// A merchant whom the vault knows, and money to pay it.
  Address paidMerchant() {
    var known = paidMerchant;
    if (known == null) {
      var payer = spender();
      var payment = nextPayment(STOCK);
      publish(payment);
      await("the claim is final", () -> !claims(payer, payment.charged()).isEmpty());
      known = merchant();
      awaitPayout(payout(known, 1_000));
      paidMerchant = known;
    }
    return known;
  }

  <T extends Event> List<T> heard(Class<T> type) {
    return rig.heard(type);
  }

  Amount tokens(Address owner) {
    return chain.tokenBalance(owner);
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

  /// Claims by which that much in all was recorded.
  List<ClaimConfirmed> claims(Payer payer, Amount total) {
    var recorded = new ClaimedChannel(payer.channel(), total);
    return rig.heard(ClaimConfirmed.class).stream()
        .filter(claim -> claim.channels().contains(recorded))
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

  void awaitDone(Step.Deed deed) {
    await("it is done", deed::isDone);
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
    var hashes =
        rig.jdbc()
            .sql(
                """
                SELECT '0x' || encode(a.hash, 'hex')
                  FROM chain_transaction t JOIN chain_attempt a ON a.transaction_id = t.id
                 WHERE t.purpose LIKE :kind || '/%' AND t.id > :mark AND a.hash IS NOT NULL
                 ORDER BY t.id DESC, a.number DESC
                """)
            .param("kind", kind)
            .param("mark", mark)
            .query(String.class)
            .list();
    return hashes.stream()
        .map(hash -> chain.rpc("eth_getTransactionReceipt", hash))
        .map(receipt -> receipt.path("blockNumber").asString(""))
        .filter(number -> number.startsWith("0x"))
        .map(number -> Long.parseLong(number.substring(2), 16))
        .findFirst();
  }

  /// How many versions of transactions of that kind went out.
  long offers(String kind) {
    return rig.jdbc()
        .sql(
            """
            SELECT count(*)
              FROM chain_transaction t JOIN chain_attempt a ON a.transaction_id = t.id
             WHERE t.purpose LIKE :kind || '/%' AND t.id > :mark AND a.sent_at IS NOT NULL
            """)
        .param("kind", kind)
        .param("mark", mark)
        .query(Long.class)
        .single();
  }

  /// Whether one of that kind is stored with its signature and not final.
  boolean isOpenAndSigned(String kind) {
    return rig.jdbc()
            .sql(
                """
                SELECT count(*)
                  FROM chain_transaction t JOIN chain_attempt a ON a.transaction_id = t.id
                 WHERE t.purpose LIKE :kind || '/%' AND t.state = 'SENDING' AND a.raw IS NOT NULL
                """)
            .param("kind", kind)
            .query(Long.class)
            .single()
        > 0;
  }

  /// How many transactions of any kind this service asked for.
  long transactions() {
    return rig.jdbc().sql("SELECT count(*) FROM chain_transaction").query(Long.class).single();
  }

  /// Takes the newest transaction of a kind out of the chain with at least that many blocks.
  void reorganiseAway(String kind, int depth) {
    long block = awaitBlockOf(kind);
    int above = Math.toIntExact(chain.blockNumber() - block + 1);
    if (above < depth) chain.mine(depth - above);
    chain.reorg(Math.max(depth, above));
    assertThat(blockOf(kind).filter(again -> again <= block)).isEmpty();
  }

  /// Somebody else has the key, too, and is faster.
  void useTheNextNonce() {
    rig.send(ACCOUNT, DevAccount.DEPLOYER.address(), Bytes.EMPTY);
    strangers++;
  }

  /// Nothing is on its way, and the service, the contracts and everybody's tokens agree to
  /// the unit.
  void awaitReconciled() {
    Awaitility.await("the books agree")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(
            () -> {
              chain.mine(1);
              assertThat(Books.of(rig).differences(outside())).isEmpty();
            });
  }

  /// What the chain alone says.
  private Books.Outside outside() {
    return new Books.Outside(
        BigInteger.valueOf(minted),
        sum(payers.stream().map(payer -> payer.key().address()).toList()),
        sum(merchants),
        nonce() - firstNonce - strangers);
  }

  private BigInteger sum(List<Address> owners) {
    return owners.stream()
        .map(owner -> tokens(owner).units())
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private long nonce() {
    var count = chain.rpc("eth_getTransactionCount", ACCOUNT.toString(), "latest").asString();
    return Long.decode(count);
  }
}
