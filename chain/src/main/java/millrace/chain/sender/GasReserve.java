package millrace.chain.sender;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import millrace.chain.rpc.Rpc;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks now and then whether an account can still pay for gas for a while.
final class GasReserve {
  private static final Logger LOG = LoggerFactory.getLogger(GasReserve.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Rpc rpc;
  private final Address account;
  private final BigInteger leastWei;
  private final InstantSource clock;
  private Instant lookedAt = Instant.MIN;
  private boolean low;

  GasReserve(Rpc rpc, Address account, BigInteger leastWei, InstantSource clock) {
    this.rpc = rpc;
    this.account = account;
    this.leastWei = leastWei;
    this.clock = clock;
  }

  boolean isLow() {
    var now = clock.instant();
    if (lookedAt.plus(INTERVAL).isAfter(now)) return low;
    lookedAt = now;
    var balance = rpc.balance(account);
    boolean isLow = balance.compareTo(leastWei) < 0;
    if (isLow && !low) {
      LOG.warn("{} holds {} ether for gas, less than {}", account, ether(balance), ether(leastWei));
    } else if (low && !isLow) {
      LOG.info("{} holds {} ether for gas again", account, ether(balance));
    }
    low = isLow;
    return low;
  }

  private static String ether(BigInteger wei) {
    return new BigDecimal(wei).movePointLeft(18).stripTrailingZeros().toPlainString();
  }
}
