package millrace.watchtower.withdrawal;

import millrace.chain.contract.ClaimRow;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;

/// Exposed channels of one hub.
final class ExposedCases {
  private static final Signature SIGNATURE =
      Signature.of("0x" + "11".repeat(32) + "22".repeat(32) + "1b");

  private ExposedCases() {}

  static ExposedCase of(int number, long atRisk, long sinceSeconds, long windowSeconds) {
    var payer = Address.of("0x%040x".formatted(number));
    var channel = ChannelId.of("0x%064x".formatted(number));
    var hub = Address.of("0x%040x".formatted(77));
    var config = new ChannelConfig(payer, payer, hub, hub, hub, windowSeconds, Bytes32.ZERO);
    var voucher = new SignedVoucher(new Voucher(channel, Amount.of(atRisk)), SIGNATURE);
    return new ExposedCase(
        channel,
        new ClaimRow(config, voucher, Amount.of(atRisk)),
        Amount.of(atRisk),
        sinceSeconds,
        sinceSeconds + windowSeconds);
  }
}
