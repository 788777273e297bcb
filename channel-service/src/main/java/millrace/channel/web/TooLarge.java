package millrace.channel.web;

import java.io.IOException;

/// The body is longer than the limit.
final class TooLarge extends IOException {
  TooLarge(long limit) {
    super("at most " + limit + " bytes");
  }
}
