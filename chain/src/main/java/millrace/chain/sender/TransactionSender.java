package millrace.chain.sender;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.chain.Loop;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Broadcast;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.CallResult;
import millrace.chain.rpc.Receipt;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.protocol.type.Address;
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
public final class TransactionSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionSender.class);

  private final Rpc rpc;
  private final TransactionStore store;
  private final TransactionOperations transactions;
  private final TransactionSigner signer;
  private final SenderSettings settings;
  private final TransactionListener listener;
  private final InstantSource clock;
  private final TransactionCodec codec;
  private final Loop loop;

  /// Nonces that looked taken by somebody else when last looked at. It takes two looks.
  private Set<Long> suspects = Set.of();

  public TransactionSender(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionOperations transactions,
      TransactionSigner signer,
      SenderSettings settings,
      TransactionListener listener,
      InstantSource clock) {
    this.rpc = rpc;
    this.store = new TransactionStore(jdbc, signer.address());
    this.transactions = transactions;
    this.signer = signer;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.codec = new TransactionCodec(settings.chainId());
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
    return store.status(clock.instant());
  }

  private boolean round() {
    watch();
    prepare();
    send();
    replace();
    return false;
  }

  /// Gives nonces to waiting requests that would succeed now.
  void prepare() {
    int room = settings.maxInFlight() - store.inFlight().size();
    if (room <= 0) return;
    for (var waiting : store.waiting(room)) {
      var request = waiting.request();
      switch (rehearse(request)) {
        case Rehearsal.Good(var gasLimit) -> assign(waiting, gasLimit);
        case Rehearsal.Bad(var reason, var data) -> refuse(waiting, reason, data);
      }
    }
  }

  private sealed interface Rehearsal {
    record Good(long gasLimit) implements Rehearsal {}

    record Bad(String reason, Bytes data) implements Rehearsal {}
  }

  private Rehearsal rehearse(TransactionRequest request) {
    var call = Call.from(signer.address(), request.to(), request.data());
    if (rpc.call(call, BlockRef.LATEST) instanceof CallResult.Reverted(var message, var data)) {
      return new Rehearsal.Bad(message, data);
    }
    return switch (request.gas()) {
      case Gas.Fixed(var limit) -> new Rehearsal.Good(limit);
      case Gas.Estimated(var atMost) -> estimate(call, atMost);
    };
  }

  private Rehearsal estimate(Call call, long atMost) {
    try {
      long estimate = rpc.estimateGas(call);
      if (estimate > atMost) {
        return new Rehearsal.Bad(
            "it would take %d gas, %d are allowed".formatted(estimate, atMost), Bytes.EMPTY);
      }
      return new Rehearsal.Good(Math.min(estimate + estimate / 4, atMost));
    } catch (RpcFault fault) {
      if (!Rpc.isRevert(fault)) throw fault;
      return new Rehearsal.Bad(String.valueOf(fault.getMessage()), fault.data());
    }
  }

  private void assign(TransactionStore.Waiting waiting, long gasLimit) {
    var fees = settings.limited(rpc.suggestedFees());
    long onChain = rpc.transactionCount(signer.address(), BlockRef.PENDING);
    transactions.executeWithoutResult(
        _ -> {
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
    transactions.executeWithoutResult(
        _ -> {
          if (store.refuse(waiting.id(), reason, clock.instant())) {
            listener.onRefused(purpose, reason, data);
          }
        });
  }

  /// Signs what is not signed and sends what was not sent lately, lowest nonce first.
  void send() {
    for (var attempt : store.newestAttempts()) {
      var signed = attempt.signed().orElseGet(() -> sign(attempt));
      var now = clock.instant();
      boolean due =
          attempt.sentAt().map(at -> !at.plus(settings.resendAfter()).isAfter(now)).orElse(true);
      if (due) broadcast(attempt, signed, now);
    }
  }

  private Attempt.Signed sign(Attempt attempt) {
    var signed = codec.signed(attempt, signer.sign(codec.digest(attempt)));
    transactions.executeWithoutResult(_ -> store.sign(attempt, signed));
    return signed;
  }

  private void broadcast(Attempt attempt, Attempt.Signed signed, Instant now) {
    switch (rpc.broadcast(signed.raw())) {
      case Broadcast.Taken _ -> {}
      // Ours, most likely; if not, [#watch] finds out.
      case Broadcast.NonceUsed(var message) -> LOG.debug("{}: {}", signed.hash(), message);
      case Broadcast.Refused(var message) ->
          LOG.warn("the node does not take {}: {}", signed.hash(), message);
    }
    transactions.executeWithoutResult(_ -> store.sent(attempt, now));
  }

  /// Looks for receipts in final blocks. A receipt that a reorganisation takes away was none yet.
  void watch() {
    var open = store.inFlight();
    if (open.isEmpty()) return;
    long finalBlock = rpc.head().number() - settings.confirmations() + 1;
    if (finalBlock < 0) return;
    // First the count, then the receipts: what is counted must have one.
    long used = rpc.transactionCount(signer.address(), BlockRef.at(finalBlock));
    var suspected = new HashSet<Long>();
    for (var transaction : open) {
      var receipt = receipt(transaction.hashes());
      if (receipt.isPresent()) {
        if (receipt.get().block() <= finalBlock) finish(transaction, receipt.get());
      } else if (transaction.nonce() < used) {
        suspected.add(transaction.nonce());
        if (suspects.contains(transaction.nonce())) release(transaction);
      }
    }
    suspects = suspected;
  }

  private Optional<Receipt> receipt(List<millrace.protocol.type.Bytes32> hashes) {
    if (hashes.isEmpty()) return Optional.empty();
    return rpc.receipts(hashes).stream().flatMap(Optional::stream).findFirst();
  }

  private void finish(TransactionStore.InFlight transaction, Receipt receipt) {
    transactions.executeWithoutResult(
        _ -> {
          if (store.finish(transaction.id(), receipt, clock.instant())) {
            listener.onFinal(new FinalTransaction(transaction.purpose(), receipt));
          }
        });
  }

  private void release(TransactionStore.InFlight transaction) {
    LOG.error(
        "nonce {} of {} went to a transaction that is not ours; {} gets another",
        transaction.nonce(),
        signer.address(),
        transaction.purpose());
    transactions.executeWithoutResult(_ -> store.release(transaction.id(), transaction.nonce()));
  }

  /// Offers more for the transaction that all later ones wait for.
  void replace() {
    var attempts = store.newestAttempts();
    if (attempts.isEmpty()) return;
    var first = attempts.getFirst();
    var due = first.createdAt().plus(settings.replaceAfter());
    if (first.sentAt().isEmpty() || due.isAfter(clock.instant())) return;
    if (rpc.transactionCount(signer.address(), BlockRef.LATEST) > first.nonce()) return;

    var fees = first.fees().raised().max(settings.limited(rpc.suggestedFees()));
    if (fees.maxFeeWei().compareTo(settings.maxFeeWei()) > 0) return;
    LOG.info("{} waits too long, it now offers {}", first.signed(), fees);
    transactions.executeWithoutResult(
        _ ->
            store.addAttempt(
                first.transactionId(),
                first.number() + 1,
                first.nonce(),
                first.gasLimit(),
                fees,
                clock.instant()));
  }
}
