package millrace.gateway.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param heartbeat how often a stream without news says that it is alive; as often it is asked
///     whether its key still holds
/// @param look how often a stream looks for news that this gateway was not told of, because another
///     one was
/// @param lifetime after which a stream ends and its client comes again, perhaps to another gateway
/// @param perKey how many streams one API key has at most; a further one ends its oldest
/// @param total how many streams this gateway has at most
@Validated
@ConfigurationProperties("millrace.gateway.stream")
public record StreamSettings(
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("1s") Duration look,
    @DefaultValue("1h") Duration lifetime,
    @DefaultValue("8") @Min(1) @Max(1_000) int perKey,
    @DefaultValue("1000") @Min(1) @Max(100_000) int total) {
  public StreamSettings {
    if (!heartbeat.isPositive() || !look.isPositive() || !lifetime.isPositive()) {
      throw new IllegalArgumentException("millrace.gateway.stream.* must be positive");
    }
  }
}
