package millrace.messaging.command;

import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;

/// Sent to `POST /internal/refunds?waitMillis=…`; answered by a [RefundOutcome]. While a refund of
/// the channel is under way, an equal command is the same refund.
///
/// @param amount empty for all that is unspent
public record RefundCommand(ChannelConfig config, SignedVoucher voucher, Optional<Amount> amount) {}
