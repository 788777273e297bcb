package millrace.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/// What a merchant can be told of.
enum EventType {
  PAYMENT_SUCCEEDED,
  CHANNEL_OPENED,
  CHANNEL_GUARDED,
  CHANNEL_FROZEN,
  CHANNEL_THAWED,
  CHANNEL_CLOSED,
  REFUND_CREATED,
  REFUND_SUCCEEDED,
  REFUND_FAILED,
  WITHDRAWAL_ANSWERED,
  PAYOUT_PAID,
  PAYOUT_FAILED,
  PAYOUT_CANCELED,
  ENDPOINT_FAILING,
  ENDPOINT_DISABLED,
  ENDPOINT_RECOVERED,
  ENDPOINT_TEST;

  /// Whether it can be told again from what it is about, so that it is only kept for those who
  /// listen.
  boolean isDerivable() {
    return this == PAYMENT_SUCCEEDED;
  }

  /// Whether there are so many that they are only kept for endpoints that ask for them.
  boolean isKeptOnlyWhenWanted() {
    return isDerivable() || this == CHANNEL_GUARDED;
  }

  @JsonValue
  String wire() {
    return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
  }

  @JsonCreator
  static EventType ofWire(String wire) {
    return Arrays.stream(values())
        .filter(type -> type.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown event type"));
  }
}
