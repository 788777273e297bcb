package millrace.settlement.gas;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import millrace.chain.follower.BlockFollower;
import org.springframework.stereotype.Component;

/// The price of gas by the newest block that the follower saw: asking costs no request. Whoever
/// asks also adds to the memory, so somebody must ask again and again; the workers do.
@Component
public class GasWatch {
  private final BlockFollower follower;
  private final GasWindow window;
  private final Clock clock;

  GasWatch(BlockFollower follower, GasProperties properties, MeterRegistry meters, Clock clock) {
    this.follower = follower;
    this.window = new GasWindow(properties.window());
    this.clock = clock;
    Gauge.builder("millrace.settlement.gas.ratio", this, watch -> watch.price().ratio())
        .description("What gas costs now as a multiple of what it usually costs")
        .register(meters);
  }

  public GasPrice price() {
    return follower
        .baseFeeWei()
        .map(fee -> window.seen(clock.instant(), fee))
        .orElse(GasPrice.UNKNOWN);
  }
}
