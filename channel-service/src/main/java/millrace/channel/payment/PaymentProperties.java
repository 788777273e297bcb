package millrace.channel.payment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Limits of payments.
///
/// @param maxBatch commands in one request
/// @param maxReservation the longest a price may be held, whatever the gateway asks
/// @param maxHold the longest a merchant may take to capture a hold, whatever it asks
/// @param sweepInterval how often ended reservations are looked for
@Validated
@ConfigurationProperties("millrace.channel.payment")
record PaymentProperties(
    @DefaultValue("512") @Min(1) @Max(4096) int maxBatch,
    @DefaultValue("10m") @NotNull Duration maxReservation,
    @DefaultValue("7d") @NotNull Duration maxHold,
    @DefaultValue("5s") @NotNull Duration sweepInterval) {}
