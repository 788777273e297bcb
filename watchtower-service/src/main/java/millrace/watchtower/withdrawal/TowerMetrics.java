package millrace.watchtower.withdrawal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import millrace.chain.ChainMetrics;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.TransactionSender;
import millrace.watchtower.voucher.VoucherStore;
import org.springframework.stereotype.Component;

/// What an operator is woken by: a tower that is blind, that cannot pay for gas, or that has not
/// answered a withdrawal whose time runs out.
@Component
class TowerMetrics {
  /// Counting is not free.
  static final Duration INTERVAL = Duration.ofSeconds(15);

  private final VoucherStore vouchers;
  private final WithdrawalStore withdrawals;
  private volatile long voucherCount;
  private volatile WithdrawalStore.Counts counts = new WithdrawalStore.Counts(0, 0, 0, 0, 0);

  TowerMetrics(
      VoucherStore vouchers,
      WithdrawalStore withdrawals,
      Rpc rpc,
      BlockFollower follower,
      TransactionSender sender,
      Clock clock,
      MeterRegistry meters) {
    this.vouchers = vouchers;
    this.withdrawals = withdrawals;
    var chain = new ChainMetrics(meters, clock);
    chain.observe(follower);
    chain.observe(rpc);
    chain.observe(sender, rpc);
    gauge(meters, "head.lag.blocks", _ -> follower.status().lag());
    gauge(meters, "vouchers", tower -> tower.voucherCount);
    gauge(meters, "withdrawals.open", tower -> tower.counts.open());
    gauge(meters, "withdrawals.exposed", tower -> tower.counts.exposed());
    gauge(meters, "deadline.seconds", tower -> tower.counts.firstDeadlineSeconds());
  }

  private void gauge(MeterRegistry meters, String name, ToDoubleFunction<TowerMetrics> value) {
    Gauge.builder("millrace.tower." + name, this, value).register(meters);
  }

  boolean sample() {
    voucherCount = vouchers.count();
    counts = withdrawals.counts();
    return false;
  }
}
