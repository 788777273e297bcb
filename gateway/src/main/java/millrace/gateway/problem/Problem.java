package millrace.gateway.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One occurrence of a problem.
///
/// @param word replaces the slug in `code`, where a protocol has its own words
/// @param param the field, parameter or header it is about
/// @param extensions further members of the body
public record Problem(
    ProblemCode code,
    String detail,
    Optional<String> word,
    Optional<String> param,
    Optional<Duration> retryAfter,
    Map<String, String> extensions) {
  public Problem {
    extensions = Map.copyOf(extensions);
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(
        code, detail, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
  }

  public static Problem notFound(String what) {
    return of(ProblemCode.NOT_FOUND, "There is no such " + what + ".");
  }

  /// A bug of ours. The log knows more.
  public static Problem internalError() {
    return of(ProblemCode.INTERNAL_ERROR, "Tell us the request_id, please.");
  }

  public Problem about(String name) {
    return new Problem(code, detail, word, Optional.of(name), retryAfter, extensions);
  }

  public Problem named(String protocolWord) {
    return new Problem(code, detail, Optional.of(protocolWord), param, retryAfter, extensions);
  }

  public Problem retryAfter(Duration delay) {
    return new Problem(code, detail, word, param, Optional.of(delay), extensions);
  }

  public Problem with(String name, String value) {
    var more = new LinkedHashMap<>(extensions);
    more.put(name, value);
    return new Problem(code, detail, word, param, retryAfter, more);
  }

  public ProblemException asException() {
    return new ProblemException(this);
  }

  public OptionalLong retryAfterSeconds() {
    return retryAfter.stream().mapToLong(delay -> Math.max(1, delay.toSeconds())).findFirst();
  }

  /// The members of RFC 9457, ours after them.
  public Map<String, Object> body(String requestId) {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", "/problems/" + code.slug());
    body.put("title", code.title());
    body.put("status", code.status());
    body.put("detail", detail);
    body.put("code", word.orElseGet(code::slug));
    param.ifPresent(name -> body.put("param", name));
    body.put("request_id", requestId);
    body.putAll(extensions);
    return body;
  }
}
