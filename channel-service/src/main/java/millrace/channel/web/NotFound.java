package millrace.channel.web;

/// There is nothing of that name.
public final class NotFound extends RuntimeException {
  public NotFound(String detail) {
    super(detail);
  }
}
