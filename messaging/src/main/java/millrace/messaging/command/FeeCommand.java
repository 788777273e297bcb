package millrace.messaging.command;

import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.MerchantId;

/// What the hub is to keep of a merchant's payments from now on, sent to `POST /internal/fees`;
/// answered by a [FeeView].
public record FeeCommand(MerchantId merchantId, FeeTerms terms) {}
