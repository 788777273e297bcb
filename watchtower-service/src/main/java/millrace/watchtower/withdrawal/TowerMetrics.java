package millrace.watchtower.withdrawal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import millrace.chain.ChainMetrics;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcUnavailable;
import millrace.chain.sender.TransactionSender;
import millrace.watchtower.voucher.VoucherStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// What an operator is woken by: a tower that is blind, that cannot pay for gas, or that has not
/// answered a withdrawal whose time runs out.
@Component
class TowerMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(TowerMetrics.class);

  /// Counting is not free.
  static final Duration INTERVAL = Duration.ofSeconds(15);

  private final VoucherStore vouchers;
  private final WithdrawalStore withdrawals;
  private final Rpc rpc;
  private volatile long voucherCount;
  private volatile long chainSeconds;
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
    this.rpc = rpc;
    var chain = new ChainMetrics(meters, clock);
    chain.observe(follower);
    chain.observe(rpc);
    chain.observe(sender, rpc);
    gauge(meters, "head.lag.blocks", _ -> follower.status().lag());
    gauge(meters, "vouchers", tower -> tower.voucherCount);
    gauge(meters, "withdrawals.open", tower -> tower.counts.open());
    gauge(meters, "withdrawals.exposed", tower -> tower.counts.exposed());
    gauge(meters, "deadline.seconds", tower -> tower.counts.firstDeadlineSeconds());
    gauge(meters, "window.left.seconds", TowerMetrics::windowLeftSeconds);
  }

  private void gauge(MeterRegistry meters, String name, ToDoubleFunction<TowerMetrics> value) {
    Gauge.builder("millrace.tower." + name, this, value).register(meters);
  }

  boolean sample() {
    voucherCount = vouchers.count();
    counts = withdrawals.counts();
    newestBlock().ifPresent(time -> chainSeconds = time.getEpochSecond());
    return false;
  }

  private Optional<Instant> newestBlock() {
    try {
      return Optional.of(rpc.head().timestamp());
    } catch (RpcUnavailable e) {
      LOG.debug("the time of the chain is not known", e);
      return Optional.empty();
    }
  }

  /// By the time of blocks, as the contract counts. NaN: there is nothing to lose.
  private double windowLeftSeconds() {
    long deadline = counts.firstDeadlineSeconds();
    return deadline == 0 ? Double.NaN : deadline - chainSeconds;
  }
}
