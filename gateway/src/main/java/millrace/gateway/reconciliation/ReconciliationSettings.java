package millrace.gateway.reconciliation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.math.BigInteger;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How the books are compared.
///
/// @param attempts how often they are compared until they agree: news of the chain takes a moment
///     from one service to the other
/// @param pause between two attempts
/// @param reserve tokens in the vault that are nobody's and that the operator knows of, in base
///     units
@Validated
@ConfigurationProperties("millrace.gateway.reconciliation")
record ReconciliationSettings(
    @DefaultValue("10") @Min(1) @Max(60) int attempts,
    @DefaultValue("500ms") @NotNull Duration pause,
    @DefaultValue("0") @NotNull BigInteger reserve) {}
