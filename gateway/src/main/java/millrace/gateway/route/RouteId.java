package millrace.gateway.route;

import java.util.regex.Pattern;

/// Names a paywalled route: `rt_` and 26 characters.
public record RouteId(String value) {
  private static final Pattern FORM = Pattern.compile("rt_[0-9a-z]{26}");

  public RouteId {
    if (!isOne(value)) throw new IllegalArgumentException("a route id is rt_ and 26 of 0-9a-z");
  }

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
