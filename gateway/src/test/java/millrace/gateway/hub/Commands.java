package millrace.gateway.hub;

import java.math.BigInteger;
import java.util.List;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.Signature;

/// Commands of payments, and what channel-service could say to them.
final class Commands {
  static final PaymentOutcome REFUSED =
      PaymentOutcome.Refused.because(RefusalReason.NO_RESERVATION);

  private Commands() {}

  static List<PaymentOutcome> answers(List<PaymentCommand> commands) {
    return commands.stream().map(_ -> REFUSED).toList();
  }

  static PaymentOutcome answer(String id) {
    var channel = ChannelId.of(new byte[32]);
    return new PaymentOutcome.Taken(
        new PaymentId("pay_" + "0".repeat(25) + id),
        PaymentStatus.RELEASED,
        Amount.ZERO,
        new ChannelView(channel, Amount.ZERO, Amount.ZERO, 0, BigInteger.ZERO, Amount.ZERO),
        false);
  }

  static PaymentCommand release(int number) {
    return new PaymentCommand.Release(
        new PaymentId("pay_%026d".formatted(number)), ChannelId.of(new byte[32]));
  }

  static PaymentCommand charge() {
    var nobody = Address.of("0x" + "11".repeat(20));
    var config = new ChannelConfig(nobody, nobody, nobody, nobody, nobody, 900, Bytes32.ZERO);
    var voucher = new Voucher(ChannelId.of(new byte[32]), Amount.of(1));
    var signed = new SignedVoucher(voucher, Signature.of("0x" + "11".repeat(64) + "1b"));
    var id = new PaymentId("pay_" + "0".repeat(26));
    var merchant = new MerchantId("mer_" + "0".repeat(26));
    return new PaymentCommand.Charge(
        new PaymentRequest(id, merchant, config, signed, Amount.of(1), "key", "print", "/"));
  }
}
