package millrace.messaging.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// Opens connections that no pool keeps: a session lock must end with its connection, and a pool
/// would hand both on.
public final class OutboxConnections {
  private static final int TIMEOUT_SECONDS = 30;

  /// All that a relay commits is that rows are gone which Kafka has: nobody need wait for the disk,
  /// since what comes back after a crash is published again, as after any other. Its few statements
  /// are planned once.
  private static final String OPTIONS =
      "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off";

  private final String url;
  private final Properties properties = new Properties();

  public OutboxConnections(String url, String user, String password) {
    this.url = url;
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "outbox-relay");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("options", OPTIONS);
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", Integer.toString(TIMEOUT_SECONDS));
  }

  Connection open() throws SQLException {
    return DriverManager.getConnection(url, properties);
  }
}
