package millrace.messaging.writer;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// For a service that writes payments down: their batches get connections of their own.
@Configuration(proxyBeanMethods = false)
public class PaymentWriterConfiguration {
  @Bean
  static WriterPool writerPool(Environment environment) {
    return new WriterPool(
        environment.getRequiredProperty("millrace.payment-writer.connections", Integer.class));
  }

  /// The first payment does not wait for its connection, and a role that is missing stops the
  /// service before it has taken any.
  @Bean
  @DependsOnDatabaseInitialization
  InitializingBean writerStart(DataSource connections, MeterRegistry metrics) {
    return () -> {
      try {
        connections.unwrap(WriterDataSource.class).start(metrics);
      } catch (SQLException e) {
        throw new IllegalStateException(
            "payments cannot be written as " + PaymentWriter.ROLE + ": " + e.getMessage(), e);
      }
    };
  }
}
