package millrace.chain.rpc;

import tools.jackson.databind.JsonNode;

/// What a node said to one [Invocation].
sealed interface Answer {
  record Result(JsonNode value) implements Answer {}

  record Fault(RpcFault fault) implements Answer {}

  /// @throws RpcFault when the node answered with an error
  default JsonNode orThrow() {
    return switch (this) {
      case Result(var value) -> value;
      case Fault(var fault) -> throw fault;
    };
  }
}
