package millrace.chain.sender;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import millrace.chain.rpc.Rpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nonces below those we wait for that nobody uses any more. It takes a deep reorganisation, or a
/// stranger's transaction that was seen and then dropped; without help all later ones would wait
/// for ever.
final class NonceGap {
  private static final Logger LOG = LoggerFactory.getLogger(NonceGap.class);
  private static final String KIND = "filler";

  /// More than the plain transfer takes on any chain we know; what is not used costs nothing.
  private static final long GAS = 100_000;

  private final Rpc rpc;
  private final TransactionStore store;
  private final SenderSettings settings;
  private final InstantSource clock;
  private Instant lastTried = Instant.MIN;

  NonceGap(Rpc rpc, TransactionStore store, SenderSettings settings, InstantSource clock) {
    this.rpc = rpc;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  static boolean isFiller(Purpose purpose) {
    return purpose.kind().equals(KIND);
  }

  /// What we ourselves once sent under a nonce is sent again; where there is nothing, a transaction
  /// that does nothing takes its place.
  ///
  /// @param holding runs what writes
  void close(long firstMissing, long firstKnown, Consumer<Runnable> holding) {
    var now = clock.instant();
    if (lastTried.plus(settings.resendAfter()).isAfter(now)) return;
    lastTried = now;
    long end = Math.min(firstKnown, firstMissing + settings.maxInFlight());
    for (long nonce = firstMissing; nonce < end; nonce++) {
      var sent = store.signedFor(nonce);
      LOG.warn("nonce {} is missing, {} versions of it are known", nonce, sent.size());
      if (sent.isEmpty()) {
        fill(nonce, now, holding);
      } else {
        rpc.broadcast(sent.getFirst());
      }
    }
  }

  private void fill(long nonce, Instant now, Consumer<Runnable> holding) {
    var fees = settings.limited(rpc.suggestedFees());
    var purpose = Purpose.of(KIND, store.sender() + "/" + nonce + "/" + now.toEpochMilli());
    holding.accept(() -> store.addFiller(nonce, purpose, GAS, fees, now));
  }
}
