package millrace.standalone;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Secrets that a hub of one process makes for itself.
final class Secrets {
  private static final int BYTES = 24;

  private Secrets() {}

  static String fresh() {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return "op_" + HexFormat.of().formatHex(bytes);
  }
}
