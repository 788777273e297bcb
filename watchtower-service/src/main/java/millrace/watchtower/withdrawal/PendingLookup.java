package millrace.watchtower.withdrawal;

import java.time.Clock;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.rpc.Rpc;
import millrace.watchtower.voucher.GuardedVoucher;
import millrace.watchtower.voucher.VoucherStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Asks the contract about each channel once per start, and about a new channel when its first
/// voucher comes. The follower misses nothing from where it left off; but a restored database may
/// have left off too late, and a payer may have armed a withdrawal before anybody followed.
@Component
class PendingLookup {
  private static final int PAGE = 100;
  private static final Logger LOG = LoggerFactory.getLogger(PendingLookup.class);

  private final Rpc rpc;
  private final ChannelReader reader;
  private final VoucherStore vouchers;
  private final WithdrawalStore withdrawals;
  private final TransactionOperations transactions;
  private final Clock clock;
  private @Nullable Long start;

  PendingLookup(
      Rpc rpc,
      ChannelReader reader,
      VoucherStore vouchers,
      WithdrawalStore withdrawals,
      TransactionOperations transactions,
      Clock clock) {
    this.rpc = rpc;
    this.reader = reader;
    this.vouchers = vouchers;
    this.withdrawals = withdrawals;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// @return whether there may be more to do at once
  boolean round() {
    if (start == null) start = vouchers.nextStart();
    long thisStart = start;
    var page = vouchers.notLookedUpIn(thisStart, PAGE);
    if (page.isEmpty()) return false;
    var head = rpc.head();
    var states = reader.states(page.stream().map(PendingLookup::key).toList(), head.id());
    transactions.executeWithoutResult(
        _ -> {
          states.forEach(
              (channel, state) ->
                  state
                      .withdrawal()
                      .ifPresent(
                          pending -> {
                            LOG.info("withdrawal of {} found pending", channel);
                            withdrawals.note(
                                channel,
                                pending.finalizeAfterSeconds(),
                                head.number(),
                                clock.instant());
                          }));
          vouchers.lookedUp(thisStart, page.stream().map(GuardedVoucher::channelId).toList());
        });
    return page.size() == PAGE;
  }

  private static ChannelKey key(GuardedVoucher voucher) {
    return new ChannelKey(voucher.channelId(), voucher.config().withdrawDelaySeconds());
  }
}
