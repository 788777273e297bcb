package millrace.gateway.tenancy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Hands out connections on which PostgreSQL itself shows no rows but the tenant's. A connection
/// that was the same one's before is handed out as it is; else it costs one statement.
final class TenantDataSource extends DelegatingDataSource {
  static final String ROLE = "millrace_tenant";

  /// How a connection comes from the server.
  private static final Dress SERVICE = new Dress("none", "");

  /// By connection of the pool; one that is not here is fresh.
  private final Map<Connection, Dress> worn = Collections.synchronizedMap(new WeakHashMap<>());

  TenantDataSource(DataSource pool) {
    super(pool);
  }

  @Override
  public Connection getConnection() throws SQLException {
    var connection = super.getConnection();
    try {
      dress(connection, Tenancy.current());
      return connection;
    } catch (SQLException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private void dress(Connection connection, Tenancy tenancy) throws SQLException {
    var wanted = tenancy.seesEverything() ? SERVICE : new Dress(ROLE, tenancy.setting());
    var physical = connection.unwrap(Connection.class);
    if (Optional.ofNullable(worn.get(physical)).orElse(SERVICE).equals(wanted)) return;
    // Whatever becomes of the statement, nobody takes the connection for the service's.
    worn.put(physical, new Dress("unknown", ""));
    try (var set =
        connection.prepareStatement(
            "SELECT set_config('role', ?, false), set_config('millrace.merchant', ?, false)")) {
      set.setString(1, wanted.role);
      set.setString(2, wanted.merchant);
      set.execute();
    }
    worn.put(physical, wanted);
  }

  private record Dress(String role, String merchant) {}
}
