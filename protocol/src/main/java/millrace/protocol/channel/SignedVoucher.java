package millrace.protocol.channel;

import millrace.protocol.type.Signature;

/// A voucher with the bytes that came with it, not yet checked by anyone.
public record SignedVoucher(Voucher voucher, Signature signature) {}
