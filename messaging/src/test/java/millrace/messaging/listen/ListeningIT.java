package millrace.messaging.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import millrace.embedded.FreePort;
import millrace.embedded.LocalKafka;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.MessagingConfiguration;
import millrace.messaging.NumberedEvents;
import millrace.messaging.PaymentPages;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.ChannelEvent.ChannelThawed;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.Event;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.type.ChannelId;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ListeningIT {
  /// For machines with other things to do.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final ChannelId CHANNEL = ChannelId.of("0x" + "ab".repeat(32));

  private @Nullable LocalKafka late;

  @AfterEach
  void stop() {
    if (late != null) late.close();
  }

  @Test
  void anUndecodableRecordIsPutAsideAndTheRestGoesOn() throws Exception {
    try (var context = start(TestKafka.bootstrapServers());
        var producer = producer()) {
      var listener = context.getBean(Listener.class);
      var key = TestKafka.uniqueName("poison");
      append(context, key);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.of(key)).hasSize(1));

      var unknown = new ProducerRecord<>(Topics.CHANNELS, key, "{}".getBytes(UTF_8));
      new CloudEventHeaders(UUID.randomUUID(), "millrace.channel.exploded.v1", Instant.EPOCH)
          .writeTo(unknown.headers(), Topics.CHANNELS);
      producer.send(unknown).get();
      producer.send(new ProducerRecord<>(Topics.CHANNELS, key, "no headers".getBytes(UTF_8))).get();
      append(context, key);

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.of(key)).hasSize(2));
      assertThat(deadLetters(key, 2)).containsExactlyInAnyOrder("{}", "no headers");
      assertThat(
              context
                  .getBean(MeterRegistry.class)
                  .counter("millrace.messaging.undecodable", "topic", Topics.CHANNELS)
                  .count())
          .as("and those of other tests")
          .isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void anEventWhoseBodyIsNoneIsPutAsideByWhoeverReadsItAndItsNeighboursGoOn() throws Exception {
    try (var context = start(TestKafka.bootstrapServers());
        var producer = producer()) {
      var listener = context.getBean(Listener.class);
      var key = TestKafka.uniqueName("body");
      append(context, key);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.of(key)).hasSize(1));

      var halfAnEvent = new ProducerRecord<>(Topics.CHANNELS, key, "{\"at\":7}".getBytes(UTF_8));
      new CloudEventHeaders(UUID.randomUUID(), "millrace.channel.channel_thawed.v1", Instant.EPOCH)
          .writeTo(halfAnEvent.headers(), Topics.CHANNELS);
      producer.send(halfAnEvent).get();
      append(context, key);

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.of(key)).hasSize(2));
      assertThat(deadLetters(key, 1)).containsExactly("{\"at\":7}");
    }
  }

  @Test
  void paymentsOfAPageComeOneByOneAndABadOneAmongThemHidesNoOther() throws Exception {
    try (var context = start(TestKafka.bootstrapServers());
        var producer = producer()) {
      var listener = context.getBean(Listener.class);
      var one = NumberedPayments.line(1);
      var other = NumberedPayments.line(2);
      var bad = "{\"channelId\":\"" + CHANNEL + "\"}";
      var page = String.join("\n", one, bad, other) + "\n";
      var record = new ProducerRecord<>(Topics.CHANNELS, (String) null, page.getBytes(UTF_8));
      new CloudEventHeaders(UUID.randomUUID(), PaymentPages.TYPE, Instant.now())
          .writeTo(record.headers(), Topics.CHANNELS);
      producer.send(record).get();
      producer.send(record).get();

      var key = NumberedPayments.CHANNEL.toString();
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.of(key)).hasSize(4));
      var received = listener.of(key);
      assertThat(received).allMatch(event -> event.is(PaymentAccepted.class));
      assertThat(received.stream().map(ReceivedEvent::id).distinct()).as("by payment").hasSize(2);
      assertThat(received.get(0).id()).isEqualTo(received.get(2).id());
      assertThat(received.getFirst().at()).isEqualTo(Instant.EPOCH);
      assertThat(deadLetters(letter -> page.equals(new String(letter.value(), UTF_8)), 2))
          .hasSize(2);
    }
  }

  @Test
  void aBatchComesAgainUntilTheListenerSucceedsAndPoisonInItIsPutAsideOnce() throws Exception {
    try (var context = start(TestKafka.bootstrapServers());
        var producer = producer()) {
      var listener = context.getBean(Listener.class);
      var key = TestKafka.uniqueName("retry");
      listener.failures.set(4);
      producer.send(new ProducerRecord<>(Topics.CHANNELS, key, "poison".getBytes(UTF_8))).get();
      append(context, key);
      append(context, key);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.of(key)).hasSize(2));
      assertThat(listener.failures.get()).isNotPositive();
      Thread.sleep(500);
      assertThat(listener.of(key)).hasSize(2);
      assertThat(deadLetters(key, 1)).containsExactly("poison");
    }
  }

  @Test
  void anEventIsAdmittedOnce() {
    try (var context = start(TestKafka.bootstrapServers())) {
      var inbox = context.getBean(Inbox.class);
      var first = new ReceivedEvent(new UUID(1, 1), Instant.EPOCH, "k", new Nothing().event());
      var second = new ReceivedEvent(new UUID(1, 2), Instant.EPOCH, "k", new Nothing().event());
      var transactions = transactions(context);
      transactions.executeWithoutResult(
          _ ->
              assertThat(inbox.admit(List.of(first, second, first)))
                  .containsExactly(first, second));
      transactions.executeWithoutResult(
          transaction -> {
            assertThat(inbox.admit(first.id())).isFalse();
            assertThat(inbox.admit(new UUID(1, 3))).isTrue();
            transaction.setRollbackOnly();
          });
      transactions.executeWithoutResult(
          _ -> assertThat(inbox.admit(new UUID(1, 3))).as("what was rolled back").isTrue());
    }
  }

  @Test
  void aServiceStartsWithoutKafkaAndListensWhenItComes(@TempDir Path directory) throws Exception {
    int port = FreePort.any();
    try (var context = start("127.0.0.1:" + port)) {
      append(context, "early");
      late = LocalKafka.in(directory).port(port).stoppedByCaller().start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(context.getBean(Listener.class).of("early")).hasSize(1));
    }
  }

  private static final class NumberedPayments {
    static final ChannelId CHANNEL = NumberedEvents.newChannel();

    static String line(long number) {
      return new EventCodec().encode(NumberedEvents.payment(CHANNEL, number));
    }
  }

  private record Nothing() {
    Event event() {
      return new ChannelThawed(CHANNEL, Instant.EPOCH);
    }
  }

  private static void append(ConfigurableApplicationContext context, String key) {
    transactions(context)
        .executeWithoutResult(
            _ -> context.getBean(Outbox.class).append(key, new Nothing().event()));
  }

  private static TransactionTemplate transactions(ConfigurableApplicationContext context) {
    return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
  }

  private static ConfigurableApplicationContext start(String servers) {
    var database = TestPostgres.freshDatabase();
    return new SpringApplicationBuilder(Service.class)
        .web(WebApplicationType.NONE)
        .properties(
            Map.of(
                "spring.datasource.url", database.jdbcUrl(),
                "spring.datasource.username", database.user(),
                "spring.datasource.password", database.password(),
                "spring.flyway.locations", "classpath:db/messaging",
                "spring.kafka.bootstrap-servers", servers,
                "spring.kafka.consumer.group-id", TestKafka.uniqueName("listening")))
        .run();
  }

  private static KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /// Reads a little longer than until the expected number is there.
  private static List<String> deadLetters(String key, int expected) {
    return deadLetters(letter -> key.equals(letter.key()), expected);
  }

  private static List<String> deadLetters(
      Predicate<ConsumerRecord<String, byte[]>> wanted, int expected) {
    var config = new HashMap<String, Object>();
    config.put("bootstrap.servers", TestKafka.bootstrapServers());
    config.put("group.id", TestKafka.uniqueName("letters"));
    config.put("auto.offset.reset", "earliest");
    var letters = new CopyOnWriteArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topics.deadLettersOf(Topics.CHANNELS)));
      var deadline = System.nanoTime() + PATIENCE.toNanos();
      boolean oneMore = true;
      while (oneMore && System.nanoTime() < deadline) {
        oneMore = letters.size() < expected;
        for (var record : consumer.poll(Duration.ofMillis(500))) {
          if (wanted.test(record)) letters.add(new String(record.value(), UTF_8));
        }
      }
    }
    return letters;
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(MessagingConfiguration.class)
  static class Service {
    @Bean
    Listener listener() {
      return new Listener();
    }

    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }
  }

  static class Listener {
    final AtomicInteger failures = new AtomicInteger();
    private final List<ReceivedEvent> received = new CopyOnWriteArrayList<>();

    @KafkaListener(topics = Topics.CHANNELS, containerFactory = "eventListeners")
    void on(List<ReceivedEvent> events) {
      assertThat(events).isNotEmpty();
      if (failures.getAndDecrement() > 0) throw new IllegalStateException("the database is away");
      for (var event : events) assertThat(event.event()).isInstanceOf(ChannelEvent.class);
      received.addAll(events);
    }

    List<ReceivedEvent> of(String key) {
      return received.stream().filter(event -> event.key().equals(key)).toList();
    }
  }
}
