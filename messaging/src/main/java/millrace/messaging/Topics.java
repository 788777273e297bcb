package millrace.messaging;

import java.util.List;
import millrace.messaging.event.ChainEvent;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent;
import millrace.messaging.event.SettlementEvent;

/// Where events are published. A topic's version changes only when old readers could not follow.
public final class Topics {
  public static final String CHANNELS = "millrace.channels.v1";
  public static final String CHAIN = "millrace.chain.v1";
  public static final String SETTLEMENT = "millrace.settlement.v1";
  public static final String GUARD = "millrace.guard.v1";

  public static final List<String> ALL = List.of(CHANNELS, CHAIN, SETTLEMENT, GUARD);

  private static final String DEAD_LETTERS = ".dlt";

  private Topics() {}

  public static String of(Event event) {
    return switch (event) {
      case ChannelEvent _ -> CHANNELS;
      case ChainEvent _ -> CHAIN;
      case SettlementEvent _ -> SETTLEMENT;
      case GuardEvent _ -> GUARD;
    };
  }

  /// Where a record of the topic is put aside when nobody could read it.
  public static String deadLettersOf(String topic) {
    return topic + DEAD_LETTERS;
  }
}
