package millrace.gateway.merchant;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Who may make merchants, and how long a revoked key may live on in other gateways.
///
/// @param operatorKey lets the operator in; there is no default
/// @param keyCache the longest that a gateway believes what it knows of a key; one in use is looked
///     up again, beside the requests, after a fifth of it
@Validated
@ConfigurationProperties("millrace.gateway")
public record MerchantSettings(
    @NotNull(message = "millrace.gateway.operator-key must be given")
        @Size(min = 24, max = 512, message = "must have at least 24 characters")
        String operatorKey,
    @DefaultValue("5s") Duration keyCache) {}
