package millrace.gateway.webhook;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param retryDelays as Standard Webhooks recommends
/// @param timeout for an endpoint's answer
/// @param lease beyond the timeout, after which a sender is taken for dead
/// @param poll how often the store is looked at when nothing else wakes the sender
/// @param concurrency messages under way at once
/// @param endpointConcurrency of one endpoint
/// @param kept how long messages stay to be looked at
@Validated
@ConfigurationProperties("millrace.gateway.webhooks")
record WebhookSettings(
    @DefaultValue({"5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"})
        List<Duration> retryDelays,
    @DefaultValue("15s") Duration timeout,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("250ms") Duration poll,
    @DefaultValue("64") @Min(1) @Max(1000) int concurrency,
    @DefaultValue("8") @Min(1) @Max(1000) int endpointConcurrency,
    @DefaultValue("30d") Duration kept) {}
