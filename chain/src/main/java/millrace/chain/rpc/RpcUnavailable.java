package millrace.chain.rpc;

/// No node answered. The request may or may not have had an effect.
public final class RpcUnavailable extends RuntimeException {
  RpcUnavailable(String message) {
    super(message);
  }

  RpcUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
