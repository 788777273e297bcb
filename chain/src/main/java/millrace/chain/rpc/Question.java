package millrace.chain.rpc;

import java.util.function.Function;

/// A request and how its answer is read. Reading throws [RpcUnavailable] for an answer that cannot
/// be true, which counts against the node: the next one is asked.
record Question<T>(Invocation invocation, Function<Answer, T> reading) {}
