package millrace.messaging;

import static org.assertj.core.api.Assertions.assertThat;

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
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.Event;
import millrace.messaging.outbox.Outgoing;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.Signature;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Events that count up per key, and what a reader saw of them.
public final class NumberedEvents {
  private static final Random RANDOM = new Random();
  private static final ChannelId NO_CHANNEL = ChannelId.of(new byte[32]);
  private static final Address ADDRESS = Address.of("0x" + "a1".repeat(20));
  private static final ChannelConfig CONFIG =
      new ChannelConfig(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, 900, Bytes32.ZERO);

  private NumberedEvents() {}

  public static ChannelId newChannel() {
    var bytes = ByteBuffer.allocate(32);
    for (int i = 0; i < 4; i++) bytes.putLong(RANDOM.nextLong());
    return ChannelId.of(bytes.array());
  }

  /// Every third is told alone, the others go in pages: the order is that of both together.
  public static Outgoing event(ChannelId channel, long number) {
    var event =
        number % 3 == 0
            ? new ChannelOpened(channel, CONFIG, Amount.of(number), Instant.EPOCH)
            : payment(channel, number);
    return new Outgoing(channel.toString(), event);
  }

  public static PaymentAccepted payment(ChannelId channel, long number) {
    return new PaymentAccepted(
        new PaymentId("pay_%026d".formatted(number)),
        channel,
        CONFIG,
        new MerchantId("mer_%026d".formatted(1)),
        Amount.of(1),
        Amount.of(number),
        new SignedVoucher(
            new Voucher(channel, Amount.of(number)), Signature.of("0x" + "11".repeat(64) + "1b")),
        number,
        "https://example.com/\u2028\n",
        Instant.EPOCH);
  }

  public static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /// The numbers of each key in the order in which they were seen first, read until `last` of
  /// every channel is there.
  public static Map<ChannelId, List<Long>> firstSeen(
      String servers, List<ChannelId> channels, long last) {
    var seen = new HashMap<ChannelId, Set<Long>>();
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (var consumer = consumer(servers)) {
      consumer.subscribe(List.of(Topics.CHANNELS));
      while (!complete(seen, channels, last) && System.nanoTime() < deadline) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          for (var event : readable(record)) {
            var channel = channelOf(event);
            if (channels.contains(channel)) {
              seen.computeIfAbsent(channel, _ -> new LinkedHashSet<>()).add(numberOf(event));
            }
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

  private static ChannelId channelOf(Event event) {
    return switch (event) {
      case PaymentAccepted payment -> payment.channelId();
      case ChannelOpened opened -> opened.channelId();
      default -> NO_CHANNEL;
    };
  }

  private static long numberOf(Event event) {
    return switch (event) {
      case PaymentAccepted payment -> payment.sequence();
      case ChannelOpened opened -> opened.balance().units().longValueExact();
      default -> throw new AssertionError(event);
    };
  }

  /// Nothing of what other tests put there to see it put aside.
  private static List<Event> readable(ConsumerRecord<String, byte[]> record) {
    try {
      return read(record);
    } catch (UndecodableException e) {
      return List.of();
    }
  }

  private static List<Event> read(ConsumerRecord<String, byte[]> record)
      throws UndecodableException {
    var codec = new EventCodec();
    var type = CloudEventHeaders.of(record.headers()).type();
    if (!type.equals(PaymentPages.TYPE)) return List.of(codec.decode(type, record.value()));
    var payments = new ArrayList<Event>();
    for (var line : PaymentPages.lines(record.value())) {
      var payment = codec.decode(PaymentAccepted.class, line);
      assertThat(PaymentPages.channelOf(line)).isEqualTo(payment.channelId().toString());
      payments.add(payment);
    }
    return payments;
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
