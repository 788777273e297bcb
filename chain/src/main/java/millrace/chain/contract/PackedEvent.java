package millrace.chain.contract;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// The packed rows in the one event of a batch.
final class PackedEvent {
  private static final int CLAIM_AMOUNT = 16;
  private static final int PAYEE_AMOUNT = 12;
  private static final int ID = 32;
  private static final int ADDRESS = 20;

  private PackedEvent() {}

  record ClaimedRow(ChannelId channelId, Amount newTotalClaimed) {}

  record PayeeRow(Address payee, Amount amount) {}

  static Stream<ClaimedRow> claims(Bytes rows) {
    return split(rows, ID + CLAIM_AMOUNT)
        .map(row -> new ClaimedRow(ChannelId.of(Arrays.copyOf(row, ID)), amount(row, ID)));
  }

  static Stream<PayeeRow> payees(Bytes rows) {
    return split(rows, ADDRESS + PAYEE_AMOUNT)
        .map(row -> new PayeeRow(Address.of(Arrays.copyOf(row, ADDRESS)), amount(row, ADDRESS)));
  }

  private static Stream<byte[]> split(Bytes rows, int length) {
    byte[] all = rows.toArray();
    if (all.length % length != 0) {
      throw new IllegalArgumentException("an event holds " + all.length + " bytes of rows");
    }
    return IntStream.range(0, all.length / length)
        .mapToObj(i -> Arrays.copyOfRange(all, i * length, (i + 1) * length));
  }

  private static Amount amount(byte[] row, int from) {
    return new Amount(new BigInteger(1, row, from, row.length - from));
  }
}
