package millrace.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Results on standard output, everything else on standard error.
final class Report {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final boolean quiet;

  Report(PrintStream out, PrintStream err, boolean json, boolean quiet) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.quiet = quiet;
  }

  /// An object as the hub sent it, or its fields one below the other.
  ExitCode object(JsonNode node) {
    if (json) {
      out.println(node);
      return ExitCode.OK;
    }
    var fields = new ArrayList<Field>();
    collect("", node, fields);
    int width = fields.stream().mapToInt(field -> field.name.length()).max().orElse(0);
    for (var field : fields)
      out.println(field.name + " ".repeat(width - field.name.length() + 2) + field.text);
    return ExitCode.OK;
  }

  /// One line of a list or stream.
  void line(JsonNode node, String text) {
    out.println(json ? node.toString() : text);
    out.flush();
  }

  /// What is neither success nor usage.
  ExitCode failure(Answer answer) {
    return failure(answer, Optional.empty());
  }

  /// @param idempotencyKey with which the same request can be made again
  ExitCode failure(Answer answer, Optional<String> idempotencyKey) {
    return switch (answer) {
      case Answer.Refused(int status, var problem) -> {
        if (json) out.println(problem);
        err.println("millrace: the hub refused: " + said(status, problem));
        yield ExitCode.REFUSED;
      }
      case Answer.Unknown(var why) -> {
        err.println("millrace: " + why);
        idempotencyKey.ifPresent(
            key ->
                err.println(
                    "millrace: it may have been done. Ask again with --idempotency-key " + key));
        yield ExitCode.UNKNOWN;
      }
      case Answer.Done _ -> throw new IllegalArgumentException("that is no failure");
    };
  }

  private static String said(int status, JsonNode problem) {
    var detail = problem.path("detail").asString(problem.path("title").asString(""));
    var param = problem.path("param").asString("");
    var request = problem.path("request_id").asString("");
    return (detail.isEmpty() ? "status " + status : detail)
        + (param.isEmpty() ? "" : " (" + param + ")")
        + (request.isEmpty() ? "" : " [" + request + "]");
  }

  void note(String text) {
    if (!quiet) err.println(text);
  }

  void warn(String text) {
    err.println("millrace: " + text);
  }

  private static void collect(String prefix, JsonNode node, List<Field> fields) {
    for (var property : node.properties()) {
      var value = property.getValue();
      var name = prefix + property.getKey();
      if (value.isObject()) collect(name + ".", value, fields);
      else if (value.isArray()) fields.add(new Field(name, joined(value)));
      else if (!value.isNull()) fields.add(new Field(name, value.asString()));
    }
  }

  private static String joined(JsonNode array) {
    var texts = new ArrayList<String>();
    for (var element : array) texts.add(element.isValueNode() ? element.asString() : "" + element);
    return String.join(" ", texts);
  }

  private record Field(String name, String text) {}
}
