package millrace.protocol.type;

/// Names a payout: `po_` and 26 characters.
public record PayoutId(String value) {
  public PayoutId {
    if (!IdForm.isMet(value, "po_")) {
      throw new IllegalArgumentException("a payout id is po_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
