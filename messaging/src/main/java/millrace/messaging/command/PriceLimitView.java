package millrace.messaging.command;

import java.util.Optional;
import millrace.protocol.type.Amount;

/// What is charged at once at most, from `GET /internal/price-limit`.
///
/// @param most empty where there is no limit
/// @param setting that an operator may raise
public record PriceLimitView(Optional<Amount> most, String setting) {}
