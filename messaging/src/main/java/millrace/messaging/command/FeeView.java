package millrace.messaging.command;

import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.MerchantId;

/// What the hub keeps of a merchant's payments, from `GET /internal/merchants/{id}/fee`.
public record FeeView(MerchantId merchantId, FeeTerms terms) {}
