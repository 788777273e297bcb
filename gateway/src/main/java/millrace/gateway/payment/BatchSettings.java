package millrace.gateway.payment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Limits of payments that come many in a call. What is read and taken at once is held in memory,
/// about six times the body.
///
/// @param maxBytes of a call
/// @param maxLines of a call
/// @param bodyWait for the body to arrive
/// @param atOnce calls that are read and taken at once
/// @param atOnceOfMerchant the share of it that one merchant may have
@Validated
@ConfigurationProperties("millrace.gateway.payment-batch")
record BatchSettings(
    @DefaultValue("2097152") @Min(1) @Max(64 << 20) int maxBytes,
    @DefaultValue("1000") @Min(1) @Max(100_000) int maxLines,
    @DefaultValue("10s") @NotNull Duration bodyWait,
    @DefaultValue("16") @Min(1) int atOnce,
    @DefaultValue("8") @Min(1) int atOnceOfMerchant) {}
