package millrace.chain.sender;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lets one process at a time send for an account, until a time by the database's clock. Each
/// change of hands is another epoch, and nothing is written but under the epoch that is in force:
/// a process that was stopped for a while and wakes up late can do no harm.
final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final JdbcClient jdbc;
  private final Address account;
  private final Duration length;
  private final UUID holder = UUID.randomUUID();
  private volatile OptionalLong epoch = OptionalLong.empty();
  private long renewedAt;

  Lease(JdbcClient jdbc, Address account, Duration length) {
    this.jdbc = jdbc;
    this.account = account;
    this.length = length;
  }

  /// Keeps the account, or takes it when nobody holds it any more.
  boolean hold() {
    long now = System.nanoTime();
    if (epoch.isPresent() && now - renewedAt < length.toNanos() / 3) return true;
    var held =
        jdbc.sql(
                """
                INSERT INTO chain_account AS a (sender, next_nonce, epoch, holder, held_until)
                VALUES (:sender, 0, 1, :me, clock_timestamp() + make_interval(secs => :seconds))
                ON CONFLICT (sender) DO UPDATE
                   SET epoch = CASE WHEN a.holder = :me THEN a.epoch ELSE a.epoch + 1 END,
                       holder = :me,
                       held_until = clock_timestamp() + make_interval(secs => :seconds)
                 WHERE a.holder = :me OR a.held_until < clock_timestamp()
                RETURNING epoch
                """)
            .param("sender", account.toArray())
            .param("me", holder)
            .param("seconds", seconds())
            .query(Long.class)
            .optional();
    tell(held.isPresent());
    epoch = held.map(OptionalLong::of).orElse(OptionalLong.empty());
    renewedAt = now;
    return held.isPresent();
  }

  private void tell(boolean held) {
    if (held == epoch.isPresent()) return;
    LOG.info("{} for {}", held ? "this process sends" : "another process sends", account);
  }

  boolean held() {
    return epoch.isPresent();
  }

  /// Makes the present database transaction one of the holder: until its end nobody else can take
  /// the account.
  ///
  /// @throws LeaseLost when somebody else did already
  void require() {
    boolean mine =
        epoch.isPresent()
            && jdbc.sql(
                        """
                        UPDATE chain_account
                           SET held_until = clock_timestamp() + make_interval(secs => :seconds)
                         WHERE sender = :sender AND epoch = :epoch
                        """)
                    .param("seconds", seconds())
                    .param("sender", account.toArray())
                    .param("epoch", epoch.getAsLong())
                    .update()
                == 1;
    if (mine) return;
    epoch = OptionalLong.empty();
    throw new LeaseLost(account);
  }

  /// Lets others take the account at once.
  void release() {
    if (epoch.isEmpty()) return;
    try {
      jdbc.sql(
              """
              UPDATE chain_account SET held_until = '-infinity'
               WHERE sender = :sender AND epoch = :epoch
              """)
          .param("sender", account.toArray())
          .param("epoch", epoch.getAsLong())
          .update();
    } catch (DataAccessException e) {
      LOG.debug("the lease ends by itself", e);
    }
    epoch = OptionalLong.empty();
  }

  private double seconds() {
    return length.toMillis() / 1_000.0;
  }
}
