package millrace.chain;

import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/// A database with the module's tables.
public record TestStore(JdbcClient jdbc, TransactionTemplate transactions) {
  public static TestStore fresh() {
    TestDatabase database = TestPostgres.freshDatabase();
    var source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/chain").load().migrate();
    return new TestStore(
        JdbcClient.create(source),
        new TransactionTemplate(new DataSourceTransactionManager(source)));
  }
}
