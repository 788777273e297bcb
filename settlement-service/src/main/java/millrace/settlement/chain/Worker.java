package millrace.settlement.chain;

/// Work that needs the network and so cannot be done where it is asked for. It looks for itself
/// what there is to do; doing nothing must be cheap.
public interface Worker {
  String name();

  /// @return whether there may be more to do at once
  boolean work();
}
