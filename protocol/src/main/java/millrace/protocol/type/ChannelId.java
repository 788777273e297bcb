package millrace.protocol.type;

/// Names a channel: the EIP-712 hash of its [millrace.protocol.channel.ChannelConfig], and so bound
/// to one chain and one contract.
public record ChannelId(Bytes32 hash) implements Comparable<ChannelId> {
  public static ChannelId of(String hex) {
    return new ChannelId(Bytes32.of(hex));
  }

  public static ChannelId of(byte[] bytes) {
    return new ChannelId(Bytes32.of(bytes));
  }

  public byte[] toArray() {
    return hash.toArray();
  }

  /// Byte order, so that every writer locks rows in the same order.
  @Override
  public int compareTo(ChannelId other) {
    return java.util.Arrays.compareUnsigned(hash.toArray(), other.hash.toArray());
  }

  @Override
  public String toString() {
    return hash.toString();
  }
}
