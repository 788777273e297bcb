package millrace.protocol.type;

/// Names a refund: `re_` and 26 characters.
public record RefundId(String value) {
  public RefundId {
    if (!IdForm.isMet(value, "re_")) {
      throw new IllegalArgumentException("a refund id is re_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
