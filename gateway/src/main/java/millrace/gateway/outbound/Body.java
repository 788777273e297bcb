package millrace.gateway.outbound;

/// The bytes of a request or an answer. Whoever makes one gives the array away.
public final class Body {
  public static final Body EMPTY = new Body(new byte[0]);

  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Body of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Body(bytes);
  }

  public int length() {
    return bytes.length;
  }

  /// Not to be changed.
  public byte[] bytes() {
    return bytes;
  }
}
