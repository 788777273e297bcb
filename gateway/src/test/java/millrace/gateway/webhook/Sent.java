package millrace.gateway.webhook;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import millrace.gateway.webhook.Deliveries.Lane;
import millrace.gateway.webhook.Messages.Told;
import millrace.gateway.webhook.Target.Keys;
import millrace.gateway.webhook.Target.Previous;

/// A message on its way, in a lane that a sender has.
record Sent(Lane lane, long token, Parcel parcel) {
  Outcome taken() {
    return outcome(Optional.empty());
  }

  Notice notice() {
    return new Notice(
        parcel.message(),
        LockOrderIT.MERCHANT,
        EventType.ENDPOINT_FAILING,
        lane.subject(),
        () -> "{}",
        LockOrderIT.NOW);
  }

  Told told() {
    return new Told(
        parcel.message(), EventType.ENDPOINT_FAILING, lane.subject(), "{}", LockOrderIT.NOW, 0);
  }

  Outcome outcome(Optional<String> error) {
    var keys = new Keys("", null);
    var target =
        new Target(
            lane.endpoint(),
            "https://shop.example/",
            EnumSet.of(SignatureScheme.V1),
            keys,
            new Previous(keys, Optional.empty()));
    var attempt =
        new Attempt(
            parcel,
            LockOrderIT.NOW,
            Duration.ofMillis(3),
            target.url(),
            "",
            Optional.of(error.isEmpty() ? 204 : 500),
            "",
            "",
            error,
            Optional.empty());
    var next = error.map(_ -> LockOrderIT.NOW.plusSeconds(3_600));
    return new Outcome(
        new Run(lane, token, LockOrderIT.NOW, target), List.of(attempt), next, false);
  }
}
