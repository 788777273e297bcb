package millrace.chain.rpc;

/// How many of the configured nodes cannot be counted on. Each counts once, in the first that
/// holds.
///
/// @param silent have not told of their head for a while
/// @param lagging are well behind the others
/// @param contradicted have told of a block that most others have otherwise
public record Agreement(int nodes, int silent, int lagging, int contradicted) {
  /// How many speak for the chain.
  public int good() {
    return nodes - silent - lagging - contradicted;
  }
}
