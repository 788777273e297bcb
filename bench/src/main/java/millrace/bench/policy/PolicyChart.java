package millrace.bench.policy;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Money at risk over the day, and beneath it what gas cost, as SVG.
final class PolicyChart {
  private static final List<String> COLOURS = List.of("#d55e00", "#0072b2", "#009e73");
  private static final int WIDTH = 900;
  private static final int LEFT = 70;
  private static final int RIGHT = 800;
  private static final int PART = 300;
  private static final int PARTS = Day.LENGTH / PART;
  private static final double DOLLAR = 1e6;
  private static final double GWEI = 1e9;

  private final StringBuilder svg = new StringBuilder();

  /// A scale from values to heights on paper. Values below the lowest are drawn there.
  private record Panel(int top, int bottom, double lowest, double highest, boolean logarithmic) {
    double y(double value) {
      DoubleUnaryOperator scale = logarithmic ? Math::log : DoubleUnaryOperator.identity();
      double low = scale.applyAsDouble(lowest);
      double part =
          (scale.applyAsDouble(Math.clamp(value, lowest, highest)) - low)
              / (scale.applyAsDouble(highest) - low);
      return bottom - part * (bottom - top);
    }
  }

  private PolicyChart() {}

  static String of(List<Outcome> outcomes, GasPrices prices) {
    return new PolicyChart().draw(outcomes, prices);
  }

  private String draw(List<Outcome> outcomes, GasPrices prices) {
    put(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d 560\" width=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\" fill=\"#333\">",
        WIDTH, WIDTH);
    put("<title>Money at risk over a simulated day, by settlement policy</title>");
    put("<rect width=\"%d\" height=\"560\" fill=\"#fff\"/>", WIDTH);
    text(LEFT, 24, "start", "Accepted and not yet claimed, in dollars (logarithmic)");
    var risk = new Panel(40, 350, 0.1, highest(outcomes), true);
    for (double value = 0.1; value <= risk.highest(); value *= 10) grid(risk, value);
    var labels = new ArrayList<Double>();
    for (int i = 0; i < outcomes.size(); i++) {
      var it = outcomes.get(i);
      line(risk, COLOURS.get(i), part -> highest(it.atRisk(), part) / DOLLAR);
      label(risk.y(it.meanAtRisk()), it.contestant().name(), COLOURS.get(i), labels);
    }
    text(LEFT, 390, "start", "Price of gas, in gwei");
    double most = IntStream.range(0, PARTS).mapToDouble(p -> gwei(prices, p)).max().orElse(1);
    var gas = new Panel(405, 510, 0, Math.ceil(most), false);
    double step = Math.max(1, Math.ceil(gas.highest() / 4));
    for (double value = 0; value <= gas.highest(); value += step) grid(gas, value);
    line(gas, "#666", part -> gwei(prices, part));
    hours();
    put("</svg>");
    return svg.toString();
  }

  private void grid(Panel panel, double value) {
    double y = panel.y(value);
    put("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, RIGHT);
    text(LEFT - 8, y + 4, "end", value % 1 == 0 ? format("%,.0f", value) : format("%.1f", value));
  }

  private void hours() {
    for (int hour = 0; hour <= 24; hour += 3) {
      double x = x(hour * 3_600 / PART);
      put("<path d=\"M%.1f 510v5\" stroke=\"#999\"/>", x);
      text(x, 530, "middle", "%02d:00".formatted((12 + hour) % 24));
    }
    text(RIGHT, 550, "end", "UTC");
  }

  private void line(Panel panel, String colour, IntToDoubleFunction value) {
    var path = new StringBuilder();
    for (int part = 0; part < PARTS; part++) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(format("%.1f %.1f", x(part), panel.y(value.applyAsDouble(part))));
    }
    put("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>", path, colour);
  }

  /// At the height of its mean, or as near to it as others leave room.
  private void label(double height, String name, String colour, List<Double> taken) {
    double y = free(height, taken);
    taken.add(y);
    put(
        "<text x=\"%d\" y=\"%.1f\" fill=\"%s\" font-weight=\"bold\">%s</text>",
        RIGHT + 10, y + 4, colour, name);
  }

  private static double free(double height, List<Double> taken) {
    boolean crowded = taken.stream().anyMatch(other -> Math.abs(height - other) < 16);
    return crowded ? free(height - 4, taken) : height;
  }

  private void text(double x, double y, String anchor, String text) {
    put("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  @FormatMethod
  private void put(@FormatString String form, Object... values) {
    svg.append(format(form, values)).append('\n');
  }

  @FormatMethod
  private static String format(@FormatString String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  private static double x(int part) {
    return LEFT + (double) part * (RIGHT - LEFT) / PARTS;
  }

  /// The least power of ten above everything.
  private static double highest(List<Outcome> outcomes) {
    double most = outcomes.stream().mapToDouble(it -> it.atRisk(1)).max().orElse(1);
    return Math.max(1, Math.pow(10, Math.ceil(Math.log10(most))));
  }

  private static long highest(List<Long> minutes, int part) {
    int each = PART / 60;
    return minutes.subList(part * each, (part + 1) * each).stream()
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  private static double gwei(GasPrices prices, int part) {
    return prices.wei(part * PART) / GWEI;
  }
}
