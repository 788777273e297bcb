package millrace.chain.contract;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;

/// Rows as the compact claim takes them, each in the shorter of the two kinds that can say it.
record PackedRows(Bytes shortRows, Bytes longRows) {
  private static final int SHORT_ROW_BYTES = 100;
  private static final int DELAY_BYTES = 5;
  private static final int AMOUNT_BYTES = Amount.BITS / 8;

  /// Short rows, long rows, and before them what they have in common. A hub that is its own
  /// authoriser, as one with a vault is, is not named twice: zero bytes cost a quarter.
  static Bytes batch(List<ClaimRow> rows) {
    var terms = rows.getFirst().config();
    boolean isOwn = terms.receiverAuthorizer().equals(terms.receiver());
    var packed = of(rows);
    var out = new ByteArrayOutputStream();
    out.writeBytes((isOwn ? Address.ZERO : terms.receiverAuthorizer()).toArray());
    out.writeBytes(terms.token().toArray());
    byte[] delay = ByteBuffer.allocate(Long.BYTES).putLong(terms.withdrawDelaySeconds()).array();
    out.write(delay, Long.BYTES - DELAY_BYTES, DELAY_BYTES);
    int count = packed.shortRows().length() / SHORT_ROW_BYTES;
    out.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort((short) count).array());
    out.writeBytes(packed.shortRows().toArray());
    out.writeBytes(packed.longRows().toArray());
    return Bytes.of(out.toByteArray());
  }

  static PackedRows of(List<ClaimRow> rows) {
    var shorts = new ByteArrayOutputStream();
    var longs = new ByteArrayOutputStream();
    for (var row : rows) {
      if (isPlain(row)) writeShort(row, shorts);
      else writeLong(row, longs);
    }
    return new PackedRows(Bytes.of(shorts.toByteArray()), Bytes.of(longs.toByteArray()));
  }

  /// The payer signs for itself, has one channel with this hub, and all it signed is claimed.
  private static boolean isPlain(ClaimRow row) {
    var config = row.config();
    return config.salt().equals(Bytes32.ZERO)
        && config.payer().equals(config.payerAuthorizer())
        && row.totalClaimed().equals(row.voucher().voucher().ceiling());
  }

  private static void writeShort(ClaimRow row, ByteArrayOutputStream out) {
    out.writeBytes(row.config().payer().toArray());
    out.writeBytes(amount(row.voucher().voucher().ceiling()));
    out.writeBytes(compact(row.voucher().signature()));
  }

  private static void writeLong(ClaimRow row, ByteArrayOutputStream out) {
    out.writeBytes(row.config().payer().toArray());
    out.writeBytes(row.config().payerAuthorizer().toArray());
    out.writeBytes(row.config().salt().toArray());
    out.writeBytes(amount(row.voucher().voucher().ceiling()));
    out.writeBytes(amount(row.totalClaimed()));
    out.writeBytes(compact(row.voucher().signature()));
  }

  /// ERC-2098: the parity takes the highest bit of `s`, which a low `s` does not need.
  private static byte[] compact(Signature signature) {
    byte[] bytes = signature.compact();
    if (signature.recoveryId() == 1) bytes[32] |= (byte) 0x80;
    return bytes;
  }

  private static byte[] amount(Amount amount) {
    byte[] bytes = new byte[AMOUNT_BYTES];
    byte[] units = amount.units().toByteArray();
    // A number with its highest bit set comes with a byte for the sign.
    byte[] digits = units.length > AMOUNT_BYTES ? Arrays.copyOfRange(units, 1, 17) : units;
    System.arraycopy(digits, 0, bytes, AMOUNT_BYTES - digits.length, digits.length);
    return bytes;
  }
}
