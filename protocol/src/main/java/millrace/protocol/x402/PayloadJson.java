package millrace.protocol.x402;

import static millrace.protocol.x402.X402Error.CHANNEL_ID_INVALID;
import static millrace.protocol.x402.X402Error.MISSING_CHANNEL;
import static millrace.protocol.x402.X402Error.PAYLOAD_TYPE;
import static millrace.protocol.x402.X402Error.REFUND_AMOUNT_INVALID;
import static millrace.protocol.x402.X402Error.VOUCHER_SIGNATURE;
import static millrace.protocol.x402.X402Error.WITHDRAW_DELAY_OUT_OF_RANGE;

import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.ChannelPayload.RefundPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import tools.jackson.databind.node.ObjectNode;

/// [ChannelPayload] as it stands on the wire, told apart by `type`.
final class PayloadJson {
  private PayloadJson() {}

  static ChannelPayload read(Fields fields) {
    String type = fields.or(PAYLOAD_TYPE).text("type");
    return switch (type) {
      case "voucher" -> new VoucherPayload(config(fields), signed(fields));
      case "deposit" ->
          new DepositPayload(
              config(fields), signed(fields), Deposit.read(fields.object("deposit")));
      case "refund" ->
          new RefundPayload(
              config(fields),
              signed(fields),
              fields.or(REFUND_AMOUNT_INVALID).optionalAmount("amount"));
      default -> throw fields.or(PAYLOAD_TYPE).wrong("type", "unknown");
    };
  }

  static ObjectNode write(ChannelPayload payload) {
    var node = Json.object();
    switch (payload) {
      case VoucherPayload _ -> node.put("type", "voucher");
      case DepositPayload _ -> node.put("type", "deposit");
      case RefundPayload _ -> node.put("type", "refund");
    }
    node.set("channelConfig", write(payload.channelConfig()));
    node.set("voucher", write(payload.voucher()));
    switch (payload) {
      case VoucherPayload _ -> {}
      case DepositPayload(_, _, var deposit) -> node.set("deposit", deposit.write());
      case RefundPayload(_, _, var amount) ->
          amount.ifPresent(some -> node.put("amount", some.toString()));
    }
    return node;
  }

  private static ChannelConfig config(Fields payload) {
    var fields = payload.or(MISSING_CHANNEL).object("channelConfig").or(payload.error());
    long withdrawDelay = fields.count("withdrawDelay");
    if (withdrawDelay > ChannelConfig.MAX_WITHDRAW_DELAY_SECONDS) {
      throw fields.or(WITHDRAW_DELAY_OUT_OF_RANGE).wrong("withdrawDelay", "above uint40");
    }
    return new ChannelConfig(
        fields.address("payer"),
        fields.address("payerAuthorizer"),
        fields.address("receiver"),
        fields.address("receiverAuthorizer"),
        fields.address("token"),
        withdrawDelay,
        fields.as("salt", Bytes32::of));
  }

  private static ObjectNode write(ChannelConfig config) {
    return Json.object()
        .put("payer", config.payer().toString())
        .put("payerAuthorizer", config.payerAuthorizer().toString())
        .put("receiver", config.receiver().toString())
        .put("receiverAuthorizer", config.receiverAuthorizer().toString())
        .put("token", config.token().toString())
        .put("withdrawDelay", config.withdrawDelaySeconds())
        .put("salt", config.salt().toString());
  }

  private static SignedVoucher signed(Fields payload) {
    var fields = payload.object("voucher");
    return new SignedVoucher(
        new Voucher(
            fields.or(CHANNEL_ID_INVALID).as("channelId", ChannelId::of),
            fields.amount("maxClaimableAmount")),
        fields.or(VOUCHER_SIGNATURE).as("signature", Signature::of));
  }

  private static ObjectNode write(SignedVoucher signed) {
    return Json.object()
        .put("channelId", signed.voucher().channelId().toString())
        .put("maxClaimableAmount", signed.voucher().ceiling().toString())
        .put("signature", signed.signature().toString());
  }
}
