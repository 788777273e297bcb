package millrace.channel.refund;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import millrace.protocol.channel.Input.RefundPolicy;
import millrace.protocol.type.Amount;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// A refund costs the hub gas and stops a channel for a while, and anybody who has seen the newest
/// voucher can ask for one.
///
/// @param minimum base units; about twenty times the gas of a refund
/// @param idle how long the channel must have taken no payment
/// @param interval between two refunds of a channel
/// @param repeatWindow how long an equal request is told what became of the last refund
/// @param maxWait how long a request waits for its refund at most
@Validated
@ConfigurationProperties("millrace.channel.refund")
record RefundProperties(
    @DefaultValue("200000") @NotNull Amount minimum,
    @DefaultValue("60s") @NotNull Duration idle,
    @DefaultValue("24h") @NotNull Duration interval,
    @DefaultValue("2m") @NotNull Duration repeatWindow,
    @DefaultValue("30s") @NotNull Duration maxWait) {
  RefundPolicy policy() {
    return new RefundPolicy(minimum, idle, interval);
  }
}
