package millrace.gateway.report;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param atOnce files that are written at once
/// @param atOnceOfMerchant the share of it that one merchant may have
/// @param portion rows in one query
@Validated
@ConfigurationProperties("millrace.gateway.report")
record ReportSettings(
    @DefaultValue("16") @Min(1) @Max(1_000) int atOnce,
    @DefaultValue("2") @Min(1) @Max(1_000) int atOnceOfMerchant,
    @DefaultValue("2000") @Min(1) @Max(100_000) int portion) {}
