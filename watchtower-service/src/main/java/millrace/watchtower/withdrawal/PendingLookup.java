package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.rpc.Rpc;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.voucher.VoucherStore;
import millrace.watchtower.withdrawal.WithdrawalStore.Seen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Asks the contract about a channel when its first voucher comes, and about all of them at each
/// start and then now and again. The follower misses nothing from where it left off; but a restored
/// database may have left off too late, a payer may have armed a withdrawal before anybody
/// followed, and a node may hide logs.
@Component
class PendingLookup {
  private static final int PAGE = 100;
  private static final Logger LOG = LoggerFactory.getLogger(PendingLookup.class);

  private final Rpc rpc;
  private final ChannelReader reader;
  private final WatchtowerProperties properties;
  private final VoucherStore vouchers;
  private final WithdrawalStore withdrawals;
  private final TransactionOperations transactions;
  private final Clock clock;

  /// The last channel of the present sweep; empty before it begins.
  private Optional<ChannelId> last = Optional.empty();

  private Instant nextSweep = Instant.MIN;

  PendingLookup(
      Rpc rpc,
      ChannelReader reader,
      WatchtowerProperties properties,
      VoucherStore vouchers,
      WithdrawalStore withdrawals,
      TransactionOperations transactions,
      Clock clock) {
    this.rpc = rpc;
    this.reader = reader;
    this.properties = properties;
    this.vouchers = vouchers;
    this.withdrawals = withdrawals;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// New channels come first, then a part of the sweep.
  ///
  /// @return whether there may be more to do at once
  boolean round() {
    var fresh = vouchers.neverLookedUp(PAGE);
    if (!fresh.isEmpty()) {
      lookUp(fresh, () -> vouchers.lookedUp(ids(fresh)));
      return true;
    }
    if (clock.instant().isBefore(nextSweep)) return false;
    var page = vouchers.after(last, PAGE);
    if (!page.isEmpty()) lookUp(page, () -> {});
    boolean ends = page.size() < PAGE;
    last = ends ? Optional.empty() : Optional.of(page.getLast().id());
    if (ends) nextSweep = clock.instant().plus(properties.sweepInterval());
    return !ends;
  }

  /// What is watched already is left as it is.
  private void lookUp(List<ChannelKey> channels, Runnable also) {
    var head = rpc.head();
    var pending = reader.pending(channels, head.id());
    transactions.executeWithoutResult(
        _ -> {
          pending.keySet().removeAll(withdrawals.open(pending.keySet()));
          var seen =
              pending.entrySet().stream()
                  .map(
                      found ->
                          new Seen(
                              found.getKey(),
                              found.getValue().finalizeAfterSeconds(),
                              head.number()))
                  .toList();
          if (!seen.isEmpty()) {
            LOG.info("{} withdrawals found pending, {} first", seen.size(), seen.getFirst());
            withdrawals.note(seen, clock.instant());
          }
          also.run();
        });
  }

  private static List<ChannelId> ids(List<ChannelKey> channels) {
    return channels.stream().map(ChannelKey::id).toList();
  }
}
