package millrace.gateway.report;

import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/// Text in a table that a spreadsheet takes for text: what others wrote into an address must not
/// run as a formula on the desk of whoever opens the file. Numbers stay as they are.
final class PlainCell extends StdSerializer<String> {
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r].*", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

  PlainCell() {
    super(String.class);
  }

  @Override
  public void serialize(String text, JsonGenerator out, SerializationContext context) {
    out.writeString(plain(text));
  }

  static String plain(String text) {
    boolean runs = FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
    return runs ? "'" + text : text;
  }
}
