package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;

/// What a payer sends as PAYMENT-SIGNATURE, with gaps where ceiling and signature go: a channel's
/// payments differ in nothing else, and writing the whole JSON again for each would cost the load
/// generator more than sending it.
final class Envelope {
  private static final Amount SOME = Amount.of(1_234_567_890_123L);
  private static final Signature ANY = any();

  private final byte[] before;
  private final byte[] between;
  private final byte[] after;

  private Envelope(byte[] before, byte[] between, byte[] after) {
    this.before = before;
    this.between = between;
    this.after = after;
  }

  static Envelope of(Offer offer, ChannelConfig config, ChannelId id) {
    var voucher = new SignedVoucher(new Voucher(id, SOME), ANY);
    var json = offer.payment(new VoucherPayload(config, voucher));
    int ceiling = json.indexOf(SOME.toString());
    int signature = json.indexOf(ANY.toString());
    if (ceiling < 0 || signature < ceiling) throw new IllegalStateException("no gaps in " + json);
    return new Envelope(
        json.substring(0, ceiling).getBytes(UTF_8),
        json.substring(ceiling + SOME.toString().length(), signature).getBytes(UTF_8),
        json.substring(signature + ANY.toString().length()).getBytes(UTF_8));
  }

  /// The text of the header.
  byte[] header(long ceiling, byte[] signature) {
    var digits = Long.toString(ceiling).getBytes(US_ASCII);
    var hex = ("0x" + HexFormat.of().formatHex(signature)).getBytes(US_ASCII);
    var json =
        ByteBuffer.allocate(
                before.length + digits.length + between.length + hex.length + after.length)
            .put(before)
            .put(digits)
            .put(between)
            .put(hex)
            .put(after);
    return Base64.getEncoder().encode(json.array());
  }

  private static Signature any() {
    var bytes = new byte[65];
    bytes[0] = 0x5a;
    bytes[32] = 0x5a;
    bytes[64] = 27;
    return Signature.of(bytes);
  }
}
