package millrace.messaging.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// Opens connections that no pool keeps: a session lock must end with its connection, and a pool
/// would hand both on.
public final class OutboxConnections {
  private static final int TIMEOUT_SECONDS = 30;

  private final String url;
  private final Properties properties = new Properties();

  public OutboxConnections(String url, String user, String password) {
    this.url = url;
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "outbox-relay");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", Integer.toString(TIMEOUT_SECONDS));
  }

  Connection open() throws SQLException {
    return DriverManager.getConnection(url, properties);
  }
}
