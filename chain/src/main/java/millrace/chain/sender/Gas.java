package millrace.chain.sender;

/// How much gas a transaction is given.
public sealed interface Gas {
  /// What the node estimates and a margin; a larger need is refused.
  record Estimated(long atMost) implements Gas {}

  /// Exactly this. For calls that catch the failures of inner calls: an estimate finds the least
  /// gas with which the outer call succeeds, and that is too little for the inner ones.
  record Fixed(long limit) implements Gas {}

  default long limit() {
    return switch (this) {
      case Estimated(var atMost) -> atMost;
      case Fixed(var limit) -> limit;
    };
  }
}
