package millrace.channel.deposit;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import millrace.protocol.type.Amount;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The hub pays the gas of deposits, so a payer gets only so many. Deposits count when they are
/// final; what is used of them before is the hub's risk, so both limits are zero unless the
/// operator raises them.
///
/// @param maxPendingPerPayer under way at once
/// @param maxDailyPerPayer within 24 hours
/// @param earlyPerPayer base units that one payer may use before its deposits are final
/// @param earlyTotal the same of all payers together
/// @param maxWait how long a request waits for its deposit at most
@Validated
@ConfigurationProperties("millrace.channel.deposit")
record DepositProperties(
    @DefaultValue("2") @Min(1) int maxPendingPerPayer,
    @DefaultValue("20") @Min(1) int maxDailyPerPayer,
    @DefaultValue("0") @NotNull Amount earlyPerPayer,
    @DefaultValue("0") @NotNull Amount earlyTotal,
    @DefaultValue("30s") @NotNull Duration maxWait) {}
