package millrace.protocol.type;

/// How the names of the hub's own things look: a prefix and 26 characters of 0-9a-z. Several are
/// read for each payment, for which a regular expression is too slow.
final class IdForm {
  private static final int LENGTH = 26;

  private IdForm() {}

  static boolean isMet(String value, String prefix) {
    if (value.length() != prefix.length() + LENGTH || !value.startsWith(prefix)) return false;
    for (int i = prefix.length(); i < value.length(); i++) {
      char c = value.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z')) return false;
    }
    return true;
  }
}
