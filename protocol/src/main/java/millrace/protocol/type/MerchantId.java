package millrace.protocol.type;

/// Names a merchant: `mer_` and 26 characters.
public record MerchantId(String value) {
  public MerchantId {
    if (!IdForm.isMet(value, "mer_")) {
      throw new IllegalArgumentException("a merchant id is mer_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
