package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;

/// What the gateway sends to `POST /internal/holds/search`: which of a merchant's payments that are
/// held it wants. The answer is an array of [PaymentView], newest first.
///
/// @param before ids that sort below it
/// @param soldAt what is part of the resource
/// @param from made then or later
/// @param to made before
public record HoldSearch(
    MerchantId merchantId,
    String before,
    int limit,
    Optional<ChannelId> channel,
    Optional<Address> payer,
    Optional<String> soldAt,
    Instant from,
    Instant to) {}
