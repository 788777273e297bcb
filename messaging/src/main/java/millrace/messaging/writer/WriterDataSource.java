package millrace.messaging.writer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Two pools, so that no batch of payments pays for a change of role: connections of the second one
/// have it from their beginning.
final class WriterDataSource extends DelegatingDataSource {
  private final HikariDataSource writers;

  /// @param others for everything that is no batch of payments
  WriterDataSource(HikariDataSource others, HikariDataSource writers) {
    super(others);
    this.writers = writers;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return PaymentWriter.isAtWork() ? writers.getConnection() : super.getConnection();
  }

  /// Fails where the role is missing or may not be taken on.
  void start(MeterRegistry metrics) throws SQLException {
    writers.setMetricRegistry(metrics);
    writers.getConnection().close();
  }
}
