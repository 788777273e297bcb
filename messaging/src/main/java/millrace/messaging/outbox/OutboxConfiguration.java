package millrace.messaging.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import millrace.messaging.EventCodec;
import millrace.messaging.MessagingProperties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// For a service that publishes events. Its database has the tables of `db/messaging`.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingProperties.class)
public class OutboxConfiguration {
  @Bean
  OutboxRelay outboxRelay(
      JdbcConnectionDetails database,
      KafkaProperties kafka,
      KafkaConnectionDetails connection,
      MessagingProperties properties) {
    var connections =
        new OutboxConnections(
            database.getJdbcUrl(), text(database.getUsername()), text(database.getPassword()));
    var config = producerConfig(kafka, connection, properties);
    Supplier<Producer<String, byte[]>> producers = () -> new KafkaProducer<>(config);
    return new OutboxRelay(connections, producers, properties);
  }

  @Bean
  Outbox outbox(DataSource database, EventCodec codec, OutboxRelay relay) {
    return new Outbox(database, codec, Clock.systemUTC(), relay::wake);
  }

  @Bean
  OutboxGauge outboxGauge(DataSource database, ObjectProvider<MeterRegistry> meters) {
    return new OutboxGauge(
        JdbcClient.create(database),
        Clock.systemUTC(),
        meters.getIfAvailable(SimpleMeterRegistry::new));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  static Map<String, Object> producerConfig(
      KafkaProperties kafka, KafkaConnectionDetails connection, MessagingProperties properties) {
    var config = new HashMap<>(kafka.buildProducerProperties());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // The publisher decides when to give up, see there.
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    config.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.ackTimeout().toMillis());
    config.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        (int) Math.min(properties.ackTimeout().toMillis(), 30_000));
    return config;
  }
}
