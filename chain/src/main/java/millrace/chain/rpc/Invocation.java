package millrace.chain.rpc;

import java.util.List;

/// One method call of JSON-RPC, with parameters that Jackson can write.
record Invocation(String method, List<Object> parameters) {
  Invocation(String method, Object... parameters) {
    this(method, List.of(parameters));
  }
}
