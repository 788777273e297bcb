package millrace.channel.guard;

import jakarta.validation.constraints.NotNull;
import millrace.protocol.type.Amount;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How much may be charged while the watchtower does not hold the vouchers for it: what is lost if
/// payers leave and the tower never gets them.
///
/// @param limited false where no tower runs: then nothing is ever guarded
/// @param perPayer base units, of all channels of one payer
/// @param total base units, of all payers together
@Validated
@ConfigurationProperties("millrace.channel.exposure")
public record ExposureProperties(
    @DefaultValue("true") boolean limited,
    @DefaultValue("10000000") @NotNull Amount perPayer,
    @DefaultValue("1000000000") @NotNull Amount total) {}
