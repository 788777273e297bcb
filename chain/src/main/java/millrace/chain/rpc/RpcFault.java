package millrace.chain.rpc;

/// A node understood the request and answered with an error.
public final class RpcFault extends RuntimeException {
  private final int code;
  private final Bytes data;

  RpcFault(int code, String message, Bytes data) {
    super(message + " (" + code + ")");
    this.code = code;
    this.data = data;
  }

  public int code() {
    return code;
  }

  /// Of a revert, what the contract said.
  public Bytes data() {
    return data;
  }
}
