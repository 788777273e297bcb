package millrace.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToIntFunction;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.PaymentPages;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/// Makes records of rows. Payments of one partition go together until something else comes, so
/// that what is told of a channel stays in order.
final class Letters {
  /// Brokers take a megabyte.
  private static final int PAGE_CHARACTERS = 256 * 1024;

  private final ToIntFunction<String> partitions;
  private final List<Letter> letters = new ArrayList<>();
  private final TreeMap<Integer, Page> pages = new TreeMap<>();

  private Letters(ToIntFunction<String> partitions) {
    this.partitions = partitions;
  }

  /// @param partitions how many a topic has
  static List<Letter> of(List<OutboxRow> rows, ToIntFunction<String> partitions) {
    var letters = new Letters(partitions);
    for (var row : rows) letters.add(row);
    letters.endPages();
    return letters.letters;
  }

  private void add(OutboxRow row) {
    if (row.type().equals(PaymentPages.TYPE)) {
      share(row);
    } else {
      endPages();
      var record = new ProducerRecord<>(row.topic(), row.key(), row.body().getBytes(UTF_8));
      new CloudEventHeaders(row.eventId(), row.type(), row.at())
          .writeTo(record.headers(), row.topic());
      letters.add(new Letter(record, Map.of(row.id(), Set.of(row.key()))));
    }
  }

  /// Each line is a key, a space, and the JSON of a payment.
  private void share(OutboxRow row) {
    int count = partitions.applyAsInt(row.topic());
    row.body()
        .lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              var key = line.substring(0, space);
              var page =
                  pages.computeIfAbsent(partition(key, count), to -> new Page(row.topic(), to));
              page.add(row, key, line.substring(space + 1));
              if (page.isFull()) end(page);
            });
  }

  /// Where the producer puts a record with this key by itself.
  private static int partition(String key, int count) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % count;
  }

  private void endPages() {
    List.copyOf(pages.values()).forEach(this::end);
  }

  private void end(Page page) {
    pages.remove(page.partition);
    letters.add(page.letter());
  }

  private static final class Page {
    private final String topic;
    private final int partition;
    private final StringBuilder lines = new StringBuilder();
    private final Map<Long, Set<String>> keys = new HashMap<>();
    private Instant newest = Instant.MIN;

    private Page(String topic, int partition) {
      this.topic = topic;
      this.partition = partition;
    }

    void add(OutboxRow row, String key, String json) {
      lines.append(json).append('\n');
      keys.computeIfAbsent(row.id(), _ -> new HashSet<>()).add(key);
      newest = row.at();
    }

    boolean isFull() {
      return lines.length() >= PAGE_CHARACTERS;
    }

    Letter letter() {
      byte[] body = lines.toString().getBytes(UTF_8);
      var record = new ProducerRecord<String, byte[]>(topic, partition, null, body);
      new CloudEventHeaders(UUID.nameUUIDFromBytes(body), PaymentPages.TYPE, newest)
          .writeTo(record.headers(), topic);
      return new Letter(record, keys);
    }
  }
}
