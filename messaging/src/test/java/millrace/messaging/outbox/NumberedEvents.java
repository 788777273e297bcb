package millrace.messaging.outbox;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.Topics;
import millrace.messaging.UndecodableException;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Events that count up per key, and what a reader saw of them.
final class NumberedEvents {
  private static final Random RANDOM = new Random();
  private static final Bytes32 NO_TRANSACTION = Bytes32.of(new byte[32]);

  private NumberedEvents() {}

  static ChannelId newChannel() {
    var bytes = ByteBuffer.allocate(32);
    for (int i = 0; i < 4; i++) bytes.putLong(RANDOM.nextLong());
    return ChannelId.of(bytes.array());
  }

  static Outgoing event(ChannelId channel, long number) {
    return new Outgoing(
        channel.toString(),
        new WithdrawalAnswered(
            channel, Amount.of(number), Amount.ZERO, NO_TRANSACTION, Instant.EPOCH));
  }

  static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /// The numbers of each key in the order in which they were seen first, read until `last` of
  /// every channel is there.
  static Map<ChannelId, List<Long>> firstSeen(String servers, List<ChannelId> channels, long last)
      throws UndecodableException {
    var seen = new HashMap<ChannelId, Set<Long>>();
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (var consumer = consumer(servers)) {
      consumer.subscribe(List.of(Topics.GUARD));
      while (!complete(seen, channels, last) && System.nanoTime() < deadline) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          var event = read(record);
          if (channels.contains(event.channelId())) {
            seen.computeIfAbsent(event.channelId(), _ -> new LinkedHashSet<>())
                .add(event.totalClaimed().units().longValueExact());
          }
        }
      }
    }
    var lists = new HashMap<ChannelId, List<Long>>();
    seen.forEach((channel, numbers) -> lists.put(channel, new ArrayList<>(numbers)));
    return lists;
  }

  private static boolean complete(
      Map<ChannelId, Set<Long>> seen, List<ChannelId> channels, long last) {
    return channels.stream()
        .allMatch(channel -> seen.getOrDefault(channel, Set.of()).size() == last);
  }

  private static WithdrawalAnswered read(ConsumerRecord<String, byte[]> record)
      throws UndecodableException {
    var type = CloudEventHeaders.of(record.headers()).type();
    return (WithdrawalAnswered) new EventCodec().decode(type, record.value());
  }

  private static KafkaConsumer<String, byte[]> consumer(String servers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            servers,
            ConsumerConfig.GROUP_ID_CONFIG,
            "reader-" + RANDOM.nextLong(),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}
