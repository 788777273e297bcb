package millrace.protocol.x402;

import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;

/// What the payer does with its channel. Well formed, nothing more: the voucher is not verified and
/// its channel id is only claimed to be that of the config.
public sealed interface ChannelPayload {
  ChannelConfig channelConfig();

  SignedVoucher voucher();

  /// One payment.
  record VoucherPayload(ChannelConfig channelConfig, SignedVoucher voucher)
      implements ChannelPayload {}

  /// One payment, and the money for it and later ones.
  record DepositPayload(ChannelConfig channelConfig, SignedVoucher voucher, Deposit deposit)
      implements ChannelPayload {}

  /// Money back. The voucher's ceiling is what was charged so far.
  ///
  /// @param amount empty for all that is unspent
  record RefundPayload(ChannelConfig channelConfig, SignedVoucher voucher, Optional<Amount> amount)
      implements ChannelPayload {}
}
