package millrace.messaging.writer;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Optional;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.PriorityOrdered;

/// Puts the pool of the payment writer beside the service's, with everything else as it is there.
/// Comes before others that wrap the service's pool.
final class WriterPool implements DestructionAwareBeanPostProcessor, PriorityOrdered {
  private final int connections;
  private Optional<HikariDataSource> writers = Optional.empty();

  WriterPool(int connections) {
    this.connections = connections;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (!(bean instanceof HikariDataSource others)) return bean;
    var pool = new HikariDataSource();
    others.copyStateTo(pool);
    pool.setUsername(others.getUsername());
    pool.setPassword(others.getPassword());
    pool.setPoolName(others.getPoolName() + "-payments");
    pool.setMaximumPoolSize(connections);
    pool.setConnectionInitSql("SET ROLE " + PaymentWriter.ROLE);
    writers = Optional.of(pool);
    return new WriterDataSource(others, pool);
  }

  @Override
  public void postProcessBeforeDestruction(Object bean, String name) {
    writers.ifPresent(HikariDataSource::close);
  }

  @Override
  public boolean requiresDestruction(Object bean) {
    return bean instanceof HikariDataSource;
  }
}
