package millrace.chain.sender;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import millrace.chain.Loop;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Broadcast;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Fees;
import millrace.chain.rpc.Receipt;
import millrace.chain.rpc.Rpc;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Sends the transactions of one account. Who asks for one only stores the request, in a database
/// transaction of its own; everything else happens here, one step after the other, each stored
/// before the next: simulate, take a nonce, sign, send, wait until final. After a crash the same
/// bytes go out again, so nothing is done twice and no nonce is left out.
///
/// Of several processes on one database one at a time does this, by a [Lease].
public final class TransactionSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionSender.class);

  /// Long enough for every alarm to have rung after a stranger used the key.
  private static final Duration STRANGER_ALARM = Duration.ofHours(1);

  private final Rpc rpc;
  private final TransactionStore store;
  private final TransactionOperations transactions;
  private final TransactionSigner signer;
  private final SenderSettings settings;
  private final TransactionListener listener;
  private final BooleanSupplier mayBegin;
  private final InstantSource clock;
  private final TransactionCodec codec;
  private final Lease lease;
  private final NonceSearch nonces;
  private final Replacement replacement;
  private final GasReserve reserve;
  private final Set<Trouble> troubles = ConcurrentHashMap.newKeySet();
  private final Loop loop;

  public TransactionSender(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionOperations transactions,
      TransactionSigner signer,
      SenderSettings settings,
      TransactionListener listener,
      InstantSource clock) {
    this(rpc, jdbc, transactions, signer, settings, listener, () -> true, clock);
  }

  /// @param mayBegin asked before waiting requests get nonces; what has a nonce goes on in any case
  public TransactionSender(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionOperations transactions,
      TransactionSigner signer,
      SenderSettings settings,
      TransactionListener listener,
      BooleanSupplier mayBegin,
      InstantSource clock) {
    this.rpc = rpc;
    this.store = new TransactionStore(jdbc, signer.address());
    this.transactions = transactions;
    this.signer = signer;
    this.settings = settings;
    this.listener = listener;
    this.mayBegin = mayBegin;
    this.clock = clock;
    this.codec = new TransactionCodec(settings.chainId());
    this.lease = new Lease(jdbc, signer.address(), settings.lease());
    this.nonces = new NonceSearch(rpc, signer.address());
    this.replacement = new Replacement(rpc, store, settings, signer.address(), clock);
    this.reserve = new GasReserve(rpc, signer.address(), settings.reserveWei(), clock);
    this.loop = new Loop("sender " + signer.address(), settings.pollInterval(), this::round);
  }

  public Address address() {
    return signer.address();
  }

  public void start() {
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    lease.release();
  }

  /// Asks for a transaction, in the caller's database transaction.
  ///
  /// @return false when it was asked for before, which changes nothing
  /// @throws IllegalStateException when something else was asked for under the same purpose
  public boolean submit(TransactionRequest request) {
    boolean added = store.add(request, clock.instant());
    if (added && TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              loop.wake();
            }
          });
    }
    return added;
  }

  public SenderStatus status() {
    var backlog = store.backlog();
    var now = clock.instant();
    return new SenderStatus(
        backlog.waiting(),
        backlog.sending(),
        Duration.between(backlog.oldest().orElse(now), now),
        lease.held(),
        Set.copyOf(troubles));
  }

  public boolean hasTrouble(Trouble trouble) {
    return troubles.contains(trouble);
  }

  boolean round() {
    if (!lead()) return false;
    try {
      note(
          Trouble.FOREIGN_TRANSACTION,
          store.isStrangerSince(clock.instant().minus(STRANGER_ALARM)));
      watch();
      prepare();
      send();
      replace();
      note(Trouble.LOW_RESERVE, reserve.isLow());
    } catch (LeaseLost e) {
      LOG.warn("{}; this one was away for too long", e.getMessage());
    }
    return false;
  }

  /// Whether this process is the one that sends. Where it is not, it has nothing to report either.
  boolean lead() {
    boolean leads = lease.hold();
    if (!leads) troubles.clear();
    return leads;
  }

  /// Writes as the holder of the account, or not at all.
  private void hold(Runnable writing) {
    transactions.executeWithoutResult(
        _ -> {
          lease.require();
          writing.run();
        });
  }

  private void note(Trouble trouble, boolean present) {
    if (present) troubles.add(trouble);
    else troubles.remove(trouble);
  }

  /// Gives nonces to waiting requests that would succeed now and can be paid for. The others wait
  /// without one, so that they hold up nobody.
  void prepare() {
    if (!mayBegin.getAsBoolean()) return;
    var open = store.newestAttempts();
    int room = settings.maxInFlight() - open.size();
    var waiting = room <= 0 ? List.<TransactionStore.Waiting>of() : store.waiting(room);
    if (waiting.isEmpty()) return;
    var market = settings.limited(rpc.suggestedFees());
    var chainTime = rpc.head().timestamp();
    var funds = rpc.balance(signer.address());
    for (var attempt : open) funds = funds.subtract(attempt.highestCost());
    boolean outOfFunds = false;
    for (var next : waiting) {
      switch (Rehearsal.of(next.request(), signer.address(), rpc)) {
        case Rehearsal.Good(var gasLimit) -> {
          var fees = Offers.first(next.request(), gasLimit, chainTime, market, funds);
          var cost = fees.maxFeeWei().multiply(BigInteger.valueOf(gasLimit));
          if (cost.compareTo(funds) <= 0) {
            assign(next, gasLimit, fees);
            funds = funds.subtract(cost);
          } else {
            outOfFunds = true;
          }
        }
        case Rehearsal.Bad(var reason, var data) -> refuse(next, reason, data);
        case Rehearsal.Unclear(var reason) ->
            LOG.warn("{} waits, the node cannot try it: {}", next.request().purpose(), reason);
      }
    }
    if (outOfFunds && !hasTrouble(Trouble.OUT_OF_FUNDS)) {
      LOG.error("{} cannot pay for what it is to send; that waits", signer.address());
    }
    note(Trouble.OUT_OF_FUNDS, outOfFunds);
  }

  private void assign(TransactionStore.Waiting waiting, long gasLimit, Fees fees) {
    long onChain = rpc.transactionCount(signer.address(), BlockRef.PENDING);
    hold(
        () -> {
          if (!store.lockWaiting(waiting.id())) return;
          long nonce = store.takeNonce(onChain);
          store.assign(waiting.id(), nonce);
          int number = store.lastAttempt(waiting.id()) + 1;
          store.addAttempt(waiting.id(), number, nonce, gasLimit, fees, clock.instant());
        });
  }

  private void refuse(TransactionStore.Waiting waiting, String reason, Bytes data) {
    var purpose = waiting.request().purpose();
    LOG.info("{} is not sent: {} {}", purpose, reason, data);
    hold(
        () -> {
          if (store.refuse(waiting.id(), reason, clock.instant())) {
            listener.onRefused(purpose, reason, data);
          }
        });
  }

  /// Signs what is not signed and sends what was not sent lately, lowest nonce first.
  void send() {
    for (var attempt : store.newestAttempts()) {
      var now = clock.instant();
      if (attempt.sentAt().map(at -> at.plus(settings.resendAfter()).isAfter(now)).orElse(false)) {
        continue;
      }
      broadcast(attempt, signed(attempt), now);
    }
  }

  /// What is to go out, stored by now and by nobody but the holder of the account.
  private Attempt.Signed signed(Attempt attempt) {
    if (attempt.signed().isPresent()) {
      hold(() -> {});
      return attempt.signed().get();
    }
    var signed = codec.signed(attempt, signer.sign(codec.digest(attempt)));
    hold(
        () -> {
          if (!store.sign(attempt, signed)) throw new LeaseLost(signer.address());
        });
    return signed;
  }

  private void broadcast(Attempt attempt, Attempt.Signed signed, Instant now) {
    switch (rpc.broadcast(signed.raw())) {
      case Broadcast.Taken _ -> note(Trouble.OUT_OF_FUNDS, false);
      // Ours, most likely; if not, [#watch] finds out.
      case Broadcast.NonceUsed(var message) -> LOG.debug("{}: {}", signed.hash(), message);
      case Broadcast.NoFunds(var message) -> {
        LOG.error("{} cannot pay for {}: {}", signer.address(), signed.hash(), message);
        note(Trouble.OUT_OF_FUNDS, true);
      }
      case Broadcast.Refused(var message) ->
          LOG.warn("the node does not take {}: {}", signed.hash(), message);
    }
    hold(() -> store.sent(attempt, now));
  }

  /// Looks for receipts in final blocks. A receipt that a reorganisation takes away was none yet.
  void watch() {
    var open = store.inFlight();
    if (open.isEmpty()) return;
    long finalBlock = rpc.head().number() - settings.confirmations() + 1;
    if (finalBlock < 0) return;
    // First the count, then the receipts: what is counted must have one.
    long used = rpc.transactionCount(signer.address(), BlockRef.at(finalBlock));
    var receipts = receipts(open);
    for (var transaction : open) {
      var receipt =
          transaction.hashes().stream()
              .flatMap(hash -> Optional.ofNullable(receipts.get(hash)).stream())
              .findFirst();
      if (receipt.isPresent()) {
        if (receipt.get().block() <= finalBlock && stands(receipt.get())) {
          finish(transaction, receipt.get());
        }
      } else if (transaction.nonce() < used) {
        judge(transaction, finalBlock);
      }
    }
  }

  private Map<Bytes32, Receipt> receipts(List<TransactionStore.InFlight> open) {
    var hashes = open.stream().flatMap(transaction -> transaction.hashes().stream()).toList();
    var receipts = new HashMap<Bytes32, Receipt>();
    if (hashes.isEmpty()) return receipts;
    Consumer<Receipt> keep = receipt -> receipts.put(receipt.transaction(), receipt);
    rpc.receipts(hashes).forEach(receipt -> receipt.ifPresent(keep));
    return receipts;
  }

  /// A receipt of a block that is in the chain no more says nothing.
  private boolean stands(Receipt receipt) {
    return rpc.block(receipt.block())
        .map(block -> block.hash().equals(receipt.blockHash()))
        .orElse(false);
  }

  private void finish(TransactionStore.InFlight transaction, Receipt receipt) {
    hold(
        () -> {
          if (store.finish(transaction.id(), receipt, clock.instant())
              && !NonceGap.isFiller(transaction.purpose())) {
            listener.onFinal(new FinalTransaction(transaction.purpose(), receipt));
          }
        });
  }

  /// Its nonce is used and it has no receipt. Only the sight of another transaction in its place
  /// ends it; without, it stays open, because to do it again might be to do it twice.
  private void judge(TransactionStore.InFlight transaction, long finalBlock) {
    var found = nonces.find(transaction.nonce(), finalBlock);
    if (found.isEmpty()) {
      LOG.warn("nonce {} is used, by what cannot be told yet", transaction.nonce());
    } else if (!transaction.hashes().contains(found.get())) {
      troubles.add(Trouble.FOREIGN_TRANSACTION);
      LOG.error(
          "nonce {} of {} went to {}, which is not ours; {} gets another",
          transaction.nonce(),
          signer.address(),
          found.get(),
          transaction.purpose());
      hold(
          () -> {
            store.strangerAt(clock.instant());
            release(transaction);
          });
    }
  }

  private void release(TransactionStore.InFlight transaction) {
    if (NonceGap.isFiller(transaction.purpose())) {
      store.refuse(transaction.id(), "the nonce is used", clock.instant());
    } else {
      store.release(transaction.id(), transaction.nonce());
    }
  }

  /// Offers more for what waits too long or has little time left.
  void replace() {
    note(Trouble.AT_FEE_CAP, replacement.round(this::hold));
  }
}
