package millrace.channel.web;

/// The request is not one that a correct gateway sends.
public final class BadRequest extends RuntimeException {
  public BadRequest(String detail) {
    super(detail);
  }
}
