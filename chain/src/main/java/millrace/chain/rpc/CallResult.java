package millrace.chain.rpc;

/// What a call came to. A revert is an answer, not a failure of the node.
public sealed interface CallResult {
  record Returned(Bytes data) implements CallResult {}

  /// @param data the contract's error, selector first; empty when the node does not tell
  record Reverted(String message, Bytes data) implements CallResult {}

  /// For calls that cannot revert unless the address is wrong.
  ///
  /// @throws IllegalStateException when the call was reverted
  default Bytes returned() {
    return switch (this) {
      case Returned(var data) -> data;
      case Reverted(var message, var data) ->
          throw new IllegalStateException("the call was reverted: " + message + " " + data);
    };
  }
}
