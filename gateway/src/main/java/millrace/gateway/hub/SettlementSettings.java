package millrace.gateway.hub;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How settlement-service is reached. Only reconciliation asks it, never a payment.
@Validated
@ConfigurationProperties("millrace.gateway.settlement-service")
public record SettlementSettings(
    @DefaultValue("http://localhost:8412") @NotNull URI url,
    @DefaultValue("15s") Duration callTimeout) {}
