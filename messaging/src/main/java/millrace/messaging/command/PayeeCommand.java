package millrace.messaging.command;

import millrace.protocol.type.Address;
import millrace.protocol.type.MerchantId;

/// Tells where a merchant is paid, so that it can be promised its money before it asks. Sent to
/// `POST /internal/payees`, several at once; a repeat changes nothing. A merchant's payee never
/// changes.
public record PayeeCommand(MerchantId merchantId, Address payee) {}
