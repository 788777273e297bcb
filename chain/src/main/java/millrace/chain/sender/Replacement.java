package millrace.chain.sender;

import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Fees;
import millrace.chain.rpc.Rpc;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Offers more for what is not mined: for the transaction that all later ones wait for when it has
/// waited long, and for urgent ones at every block that brings their end nearer.
final class Replacement {
  private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

  private final Rpc rpc;
  private final TransactionStore store;
  private final SenderSettings settings;
  private final Address account;
  private final NonceGap gap;
  private final InstantSource clock;
  private long climbedAt = -1;
  private boolean atCap;

  Replacement(
      Rpc rpc,
      TransactionStore store,
      SenderSettings settings,
      Address account,
      InstantSource clock) {
    this.rpc = rpc;
    this.store = store;
    this.settings = settings;
    this.account = account;
    this.gap = new NonceGap(rpc, store, settings, clock);
    this.clock = clock;
  }

  /// @param holding runs what writes
  /// @return whether the first transaction is stuck at the cap
  boolean round(Consumer<Runnable> holding) {
    var attempts = store.newestAttempts();
    if (attempts.stream().anyMatch(attempt -> attempt.urgency().isPresent())) {
      climb(attempts, holding);
    }
    atCap = !attempts.isEmpty() && isStuckAtCap(attempts.getFirst(), holding);
    return atCap;
  }

  private void climb(List<Attempt> attempts, Consumer<Runnable> holding) {
    var head = rpc.head();
    if (head.number() == climbedAt) return;
    climbedAt = head.number();
    long used = rpc.transactionCount(account, BlockRef.LATEST);
    var open = attempts.stream().filter(attempt -> attempt.nonce() >= used).toList();
    if (open.isEmpty()) return;
    var market = settings.limited(rpc.suggestedFees());
    for (var raise : Offers.due(open, head.timestamp(), market, rpc.balance(account))) {
      LOG.info("nonce {} is urgent, it now offers {}", raise.last().nonce(), raise.fees());
      holding.accept(() -> addVersion(raise.last(), raise.fees()));
    }
  }

  /// An eighth more each time, or what the chain asks for now if that is more. At the cap it goes
  /// on sending the last offer.
  private boolean isStuckAtCap(Attempt first, Consumer<Runnable> holding) {
    var due = first.createdAt().plus(settings.replaceAfter());
    if (first.sentAt().isEmpty() || due.isAfter(clock.instant())) return false;
    long used = rpc.transactionCount(account, BlockRef.LATEST);
    if (used > first.nonce()) return false;
    if (used < first.nonce()) {
      gap.close(used, first.nonce(), holding);
      return false;
    }
    var fees = first.fees().raised().max(settings.limited(rpc.suggestedFees()));
    if (exceeds(fees, settings.maxFeeWei())) {
      if (!atCap) {
        LOG.error("{} waits and already offers {}, all it may", first.signed(), first.fees());
      }
      return true;
    }
    LOG.info("{} waits too long, it now offers {}", first.signed(), fees);
    holding.accept(() -> addVersion(first, fees));
    return false;
  }

  private static boolean exceeds(Fees fees, BigInteger most) {
    return fees.maxFeeWei().compareTo(most) > 0;
  }

  private void addVersion(Attempt last, Fees fees) {
    int number = last.number() + 1;
    store.addAttempt(
        last.transactionId(), number, last.nonce(), last.gasLimit(), fees, clock.instant());
  }
}
