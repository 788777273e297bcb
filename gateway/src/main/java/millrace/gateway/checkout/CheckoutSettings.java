package millrace.gateway.checkout;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How long a payer is kept waiting, and for what.
///
/// @param maxTimeoutSeconds said in every offer: how long an authorisation should live
/// @param busyWait for another payment of the same channel to end, or for a tower that is behind
/// @param depositWait for a deposit or refund to be final; then the client asks again
/// @param pollWait of one question about a deposit or refund
/// @param captureWait for the answer to a capture, before the outcome is called unknown
/// @param longPolls deposits and refunds that may wait at once
@Validated
@ConfigurationProperties("millrace.gateway.checkout")
public record CheckoutSettings(
    @DefaultValue("300") @Min(30) long maxTimeoutSeconds,
    @DefaultValue("3s") Duration busyWait,
    @DefaultValue("60s") Duration depositWait,
    @DefaultValue("5s") Duration pollWait,
    @DefaultValue("10s") Duration captureWait,
    @DefaultValue("512") @Min(1) @Max(100_000) int longPolls) {}
