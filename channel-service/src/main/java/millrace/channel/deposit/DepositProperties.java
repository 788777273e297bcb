package millrace.channel.deposit;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The hub pays the gas of deposits, so a payer gets only so many.
///
/// @param maxPendingPerPayer under way at once
/// @param maxDailyPerPayer within 24 hours
/// @param maxWait how long a request waits for its deposit at most
@Validated
@ConfigurationProperties("millrace.channel.deposit")
record DepositProperties(
    @DefaultValue("2") @Min(1) int maxPendingPerPayer,
    @DefaultValue("20") @Min(1) int maxDailyPerPayer,
    @DefaultValue("30s") @NotNull Duration maxWait) {}
