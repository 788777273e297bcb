package millrace.gateway.webhook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import millrace.gateway.webhook.Deliveries.Lane;

/// What a sender has taken of one lane, oldest first.
///
/// @param token that nobody else ever had
/// @param until when the lane is its
record Run(Lane lane, long token, Instant until, Target target, List<Parcel> parcels) {
  Run(Lane lane, long token, Instant until, Target target) {
    this(lane, token, until, target, new ArrayList<>());
  }
}
