package millrace.protocol.channel;

import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;

/// A voucher whose signature was made by the channel's voucher key. Only [ChannelsDomain] makes
/// one, so a rule that takes it need not ask again.
public final class VerifiedVoucher {
  private final SignedVoucher signed;

  VerifiedVoucher(SignedVoucher signed) {
    this.signed = signed;
  }

  public SignedVoucher signed() {
    return signed;
  }

  public ChannelId channelId() {
    return signed.voucher().channelId();
  }

  public Amount ceiling() {
    return signed.voucher().ceiling();
  }

  public Signature signature() {
    return signed.signature();
  }
}
