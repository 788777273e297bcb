package millrace.messaging.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import millrace.messaging.EventCodec;
import millrace.messaging.MessagingProperties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/// For a service that listens to events. Its listeners name the factory `eventListeners` and take
/// a list of [millrace.messaging.ReceivedEvent].
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingProperties.class)
public class ListeningConfiguration {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /// A topic made while we were listening already is noticed within this time.
  private static final int METADATA_MAX_AGE_MILLIS = 10_000;

  /// How long a killed process holds up the others of its group, itself started again included:
  /// Kafka's own 45 seconds are a long time for whoever waits for a deposit.
  private static final int SESSION_TIMEOUT_MILLIS = 10_000;

  private static final int HEARTBEAT_MILLIS = 3_000;

  @Bean
  EventCodec eventCodec() {
    return new EventCodec();
  }

  @Bean
  Inbox inbox(DataSource database) {
    return new Inbox(JdbcClient.create(database));
  }

  @Bean
  TopicCreation topicCreation(
      KafkaProperties kafka, KafkaConnectionDetails connection, MessagingProperties properties) {
    var config = new HashMap<>(kafka.buildAdminProperties());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
    // Without Kafka the client would start over without a pause, and say so each time.
    config.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
    return new TopicCreation(config, properties);
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<String, Object> eventListeners(
      KafkaProperties kafka,
      KafkaConnectionDetails connection,
      MessagingProperties properties,
      EventCodec codec,
      ObjectProvider<ConsumerAwareRebalanceListener> positions,
      ObjectProvider<MeterRegistry> meters) {
    var registry = meters.getIfAvailable(SimpleMeterRegistry::new);
    var deadLetters =
        new DeadLetters(
            new DefaultKafkaProducerFactory<>(deadLetterConfig(kafka, connection)), registry);
    var factory = new ConcurrentKafkaListenerContainerFactory<String, Object>();
    factory.setConsumerFactory(
        new DefaultKafkaConsumerFactory<>(consumerConfig(kafka, connection, properties)));
    factory.setBatchListener(true);
    factory.setContainerCustomizer(
        container -> container.setupMessageListener(reading(container, codec, deadLetters)));
    factory.setCommonErrorHandler(untilItSucceeds(new ListenerFailures(registry)));
    factory.getContainerProperties().setAckMode(AckMode.BATCH);
    factory.getContainerProperties().setMissingTopicsFatal(false);
    // A service that keeps by itself how far it has read.
    positions.ifAvailable(factory.getContainerProperties()::setConsumerRebalanceListener);
    return factory;
  }

  /// A listener method that takes a batch is always wrapped in this kind of listener.
  @SuppressWarnings("unchecked")
  private static EventReading reading(
      AbstractMessageListenerContainer<String, Object> container,
      EventCodec codec,
      DeadLetters deadLetters) {
    var listener = container.getContainerProperties().getMessageListener();
    if (!(listener instanceof BatchAcknowledgingConsumerAwareMessageListener<?, ?> batches)) {
      throw new IllegalStateException("a listener of events takes batches");
    }
    return new EventReading(
        codec,
        deadLetters,
        (BatchAcknowledgingConsumerAwareMessageListener<String, Object>) batches);
  }

  /// A batch is given to the listener again and again: skipping it would lose facts about money.
  private static DefaultErrorHandler untilItSucceeds(ListenerFailures failures) {
    var backOff = new ExponentialBackOff(FIRST_PAUSE_MILLIS, 2);
    backOff.setMaxInterval(LONGEST_PAUSE_MILLIS);
    var handler = new DefaultErrorHandler(backOff);
    handler.setClassifications(Map.of(), true);
    handler.setRetryListeners(failures);
    return handler;
  }

  private static Map<String, Object> consumerConfig(
      KafkaProperties kafka, KafkaConnectionDetails connection, MessagingProperties properties) {
    var config = new HashMap<String, Object>();
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    config.putAll(kafka.buildConsumerProperties());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.pageRows());
    config.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS);
    return config;
  }

  private static Map<String, Object> deadLetterConfig(
      KafkaProperties kafka, KafkaConnectionDetails connection) {
    var config = new HashMap<>(kafka.buildProducerProperties());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    return config;
  }
}
