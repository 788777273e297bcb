package millrace.channel;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import millrace.protocol.type.MerchantId;

/// A row that a session of the test has locked, so that whoever needs it stays where it is.
final class HeldRow implements AutoCloseable {
  private final TestHub hub;
  private final Connection session;
  private final int pid;

  /// @param lock a statement with one parameter that locks the row
  HeldRow(TestHub hub, String lock, String name) throws SQLException {
    this.hub = hub;
    this.session = hub.replica(0).getBean(DataSource.class).getConnection();
    session.setAutoCommit(false);
    try (var statement = session.prepareStatement(lock);
        var asking = session.createStatement();
        var row = asking.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      pid = row.getInt(1);
      statement.setString(1, name);
      statement.execute();
    }
  }

  /// What everybody locks who takes from the merchant's balance.
  static HeldRow account(TestHub hub, MerchantId merchant) throws SQLException {
    return new HeldRow(
        hub,
        """
        INSERT INTO ledger_account AS kept (kind, owner, stripe, balance)
        VALUES ('MERCHANT', ?, 0, 0)
        ON CONFLICT (kind, owner, stripe) DO UPDATE SET balance = kept.balance
        """,
        merchant.value());
  }

  void awaitSomebodyWaiting() {
    await()
        .until(
            () ->
                hub.sql()
                    .sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_stat_activity
                                        WHERE ? = ANY (pg_blocking_pids(pid)))
                        """)
                    .param(pid)
                    .query(Boolean.class)
                    .single());
  }

  void letGo() throws SQLException {
    session.rollback();
  }

  @Override
  public void close() throws SQLException {
    session.rollback();
    session.setAutoCommit(true);
    session.close();
  }
}
