package millrace.chain.sender;

/// Names one thing to be done on chain, such as `claim/17`. What is asked for twice under one name
/// is done once.
public record Purpose(String value) {
  private static final int MAX_LENGTH = 200;

  public Purpose {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a purpose has 1 to " + MAX_LENGTH + " characters");
    }
  }

  public static Purpose of(String kind, Object id) {
    return new Purpose(kind + "/" + id);
  }

  /// What stands before the first slash.
  public String kind() {
    return value.substring(0, slash());
  }

  /// What stands after it.
  public String id() {
    return value.substring(Math.min(value.length(), slash() + 1));
  }

  private int slash() {
    int slash = value.indexOf('/');
    return slash < 0 ? value.length() : slash;
  }

  @Override
  public String toString() {
    return value;
  }
}
