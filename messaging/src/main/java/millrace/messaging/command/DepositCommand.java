package millrace.messaging.command;

import java.math.BigInteger;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;

/// Sent to `POST /internal/deposits?waitMillis=…`; answered by a [DepositOutcome]. The
/// authorisation nonce, which follows from channel and salt, makes a repeat the same deposit.
///
/// @param voucher the first voucher that came with it: proves the voucher key before gas is spent
public record DepositCommand(
    ChannelConfig config,
    SignedVoucher voucher,
    Amount amount,
    BigInteger validAfter,
    BigInteger validBefore,
    BigInteger salt,
    Signature signature) {}
