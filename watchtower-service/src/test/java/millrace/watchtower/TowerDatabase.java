package millrace.watchtower;

import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A database with the tower's own tables.
public final class TowerDatabase {
  private TowerDatabase() {}

  public static DriverManagerDataSource fresh() {
    var database = TestPostgres.freshDatabase();
    var source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/watchtower").load().migrate();
    return source;
  }
}
