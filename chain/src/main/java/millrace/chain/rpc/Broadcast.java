package millrace.chain.rpc;

/// What a node did with a raw transaction. None of them says whether it will be mined.
public sealed interface Broadcast {
  /// The node has it, perhaps from before.
  record Taken() implements Broadcast {}

  /// Its nonce is used: by this very transaction, by its replacement, or by a stranger's.
  record NonceUsed(String message) implements Broadcast {}

  record Refused(String message) implements Broadcast {}

  /// The account cannot pay for it now.
  record NoFunds(String message) implements Broadcast {}
}
