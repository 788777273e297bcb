package millrace.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// An empty database of its own, on a server that other tests use as well.
public record TestDatabase(String name, String jdbcUrl, String user, String password) {
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl, user, password);
  }
}
