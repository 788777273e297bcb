package millrace.payer;

import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.PaymentIdentifier;

/// What a payment has cost, checked against what was signed.
///
/// @param price as offered
/// @param charged at most the price
/// @param chargedCumulative owed in all from this channel, this payment included
/// @param deposited with this payment
/// @param transaction of the deposit
/// @param identifier by which the hub knows this payment
/// @param replayed when the hub had this payment already and charged nothing more
public record Receipt(
    ChannelId channelId,
    Amount price,
    Amount charged,
    Amount chargedCumulative,
    Optional<Amount> deposited,
    Optional<Bytes32> transaction,
    Optional<PaymentIdentifier> identifier,
    boolean replayed) {}
