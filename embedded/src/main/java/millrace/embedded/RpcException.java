package millrace.embedded;

/// The development chain answered a call with an error, for example a revert.
public final class RpcException extends RuntimeException {
  RpcException(String method, String error) {
    super("the development chain refuses " + method + ": " + error);
  }
}
