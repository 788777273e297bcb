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
/// @param concurrency subjects under way at once, of endpoints that answer quickly
/// @param slowConcurrency of endpoints that do not
/// @param endpointConcurrency of one endpoint
/// @param runLength messages of one subject that are sent before anybody else's turn
/// @param kept how long messages and what came of them stay to be looked at
/// @param secretOverlap how long a replaced secret still signs, beside the new one
/// @param failingAfter how long an endpoint takes nothing before its merchant is told
/// @param disableAfter how long it takes nothing before it is switched off
/// @param probe how often one that was switched off is asked whether it is back
@Validated
@ConfigurationProperties("millrace.gateway.webhooks")
record WebhookSettings(
    @DefaultValue({"5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"})
        List<Duration> retryDelays,
    @DefaultValue("15s") Duration timeout,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("250ms") Duration poll,
    @DefaultValue("64") @Min(1) @Max(1000) int concurrency,
    @DefaultValue("64") @Min(1) @Max(1000) int slowConcurrency,
    @DefaultValue("8") @Min(1) @Max(1000) int endpointConcurrency,
    @DefaultValue("32") @Min(1) @Max(1000) int runLength,
    @DefaultValue("60d") Duration kept,
    @DefaultValue("24h") Duration secretOverlap,
    @DefaultValue("15m") Duration failingAfter,
    @DefaultValue("5d") Duration disableAfter,
    @DefaultValue("1h") Duration probe) {}
