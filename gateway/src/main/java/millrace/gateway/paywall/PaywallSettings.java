package millrace.gateway.paywall;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param publicUrl of this gateway as clients see it; else what their requests say
/// @param upstreamTimeout for an upstream's whole answer
/// @param reservationMargin beyond the time that upstream and capture may take
/// @param maxRequestBytes of a body that is sent on
/// @param maxResponseBytes of an answer: it is held until it is paid
/// @param concurrency requests of one route under way at once
/// @param keptBytes of answers whose payment is in doubt, for the client that asks again
@Validated
@ConfigurationProperties("millrace.gateway.paywall")
public record PaywallSettings(
    Optional<String> publicUrl,
    @DefaultValue("30s") Duration upstreamTimeout,
    @DefaultValue("20s") Duration reservationMargin,
    @DefaultValue("1048576") @Min(0) @Max(64 << 20) int maxRequestBytes,
    @DefaultValue("4194304") @Min(1) @Max(64 << 20) int maxResponseBytes,
    @DefaultValue("128") @Min(1) int concurrency,
    @DefaultValue("67108864") @Min(0) long keptBytes) {}
