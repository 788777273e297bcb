package millrace.gateway.hub;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How channel-service is reached.
///
/// @param url of each replica, separated by commas; any of them may take any request
/// @param batchSize the most commands that share one call; fewer do while calls take long
/// @param lanes calls under way at once; more commands wait for a free one and share it
/// @param gather how long commands gather while each replica is at work on a call; only when that
///     takes longer does another call set out beside it
/// @param queue commands that may wait before callers are sent away
/// @param maxWait the longest that commands may have waited before new payments are sent away: what
///     is let in then is served soon
/// @param callTimeout of one call; a repeat carries the same ids
/// @param patience how long one caller waits for its command, repeats included
@Validated
@ConfigurationProperties("millrace.gateway.channel-service")
public record HubSettings(
    @NotEmpty List<URI> url,
    @DefaultValue("256") @Min(1) @Max(1000) int batchSize,
    @DefaultValue("4") @Min(1) @Max(64) int lanes,
    @DefaultValue("100ms") Duration gather,
    @DefaultValue("4096") @Min(1) int queue,
    @DefaultValue("1s") Duration maxWait,
    @DefaultValue("3s") Duration callTimeout,
    @DefaultValue("10s") Duration patience) {}
