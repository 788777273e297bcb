package millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class SharedInfrastructureIT {
  @Test
  void everyTestClassGetsAnEmptyDatabaseOnADurableServer() throws SQLException {
    var first = TestPostgres.freshDatabase();
    var second = TestPostgres.freshDatabase();
    execute(first, "CREATE TABLE only_here (id int)");
    execute(second, "CREATE TABLE only_here (id int)");
    try (var connection = first.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW fsync")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("on");
    }
  }

  @Test
  void topicsAreMadeOnRequest() throws Exception {
    var topic = TestKafka.uniqueName("orders");
    TestKafka.createTopicIfMissing(topic, 3);
    var config = Map.<String, Object>of("bootstrap.servers", TestKafka.bootstrapServers());
    try (var admin = Admin.create(config)) {
      assertThat(admin.listTopics().names().get()).contains(topic);
    }
  }

  private static void execute(TestDatabase database, String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
