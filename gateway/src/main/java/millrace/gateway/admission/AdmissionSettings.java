package millrace.gateway.admission;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What one gateway serves at once; whoever comes then is sent away at once. At a given rate the
/// limits bound the wait: 1,024 requests at 5,000 a second are a fifth of a second. Deposits that
/// wait for the chain count as well, so the limits must leave room beside
/// `millrace.gateway.checkout.long-polls`.
///
/// @param requests of the merchant API
/// @param paidRequests to paywalled routes that have no body; an unpaid one costs next to nothing
///     and is not counted
@Validated
@ConfigurationProperties("millrace.gateway.admission")
public record AdmissionSettings(
    @DefaultValue("1024") @Min(1) @Max(100_000) int requests,
    @DefaultValue("1024") @Min(1) @Max(100_000) int paidRequests) {}
