package millrace.gateway.merchant;

/// Whoever runs this hub, proved by the operator key. A handler takes one to be theirs alone.
public record Operator() {}
