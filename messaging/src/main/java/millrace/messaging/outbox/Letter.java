package millrace.messaging.outbox;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A record for Kafka.
///
/// @param keys by the id of each row that is in it, in whole or in part: those within which the
///     order of what is in it matters
record Letter(ProducerRecord<String, byte[]> record, Map<Long, Set<String>> keys) {}
