package millrace.gateway.metadata;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A merchant's own notes on an object: a few short texts by name, in the order of the names. They
/// mean nothing to us.
public record Metadata(@JsonValue SortedMap<String, String> values) {
  public static final Metadata NONE = new Metadata(new TreeMap<>());

  private static final int MAX_KEYS = 20;
  private static final int MAX_LENGTH = 500;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,40}");
  private static final JsonMapper JSON = JsonMapper.shared();

  public Metadata {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /// Of a request.
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Metadata of(Map<String, @Nullable String> given) {
    var values = new TreeMap<String, String>();
    given.forEach((key, value) -> values.put(known(key), checked(key, value)));
    if (values.size() > MAX_KEYS) {
      throw wrong("metadata", "metadata has at most " + MAX_KEYS + " keys.");
    }
    return new Metadata(values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public static Metadata orNone(@Nullable Metadata given) {
    return given == null ? NONE : given;
  }

  /// As in a change: what is named is replaced, and what is named and empty is removed.
  public Metadata changedBy(Metadata change) {
    var changed = new TreeMap<String, String>(values);
    changed.putAll(change.values);
    changed.values().removeIf(String::isEmpty);
    return of(new TreeMap<>(changed));
  }

  /// What tells a request from others under its key, with the notes that it names.
  public String fingerprint(String rest) {
    return isEmpty() ? rest : rest + " " + json();
  }

  /// As it is stored.
  public String json() {
    return JSON.writeValueAsString(values);
  }

  public static Metadata ofJson(@Nullable String json) {
    return Optional.ofNullable(json)
        .map(text -> JSON.readValue(text, new TypeReference<TreeMap<String, String>>() {}))
        .map(Metadata::new)
        .orElse(NONE);
  }

  private static String known(String key) {
    if (KEY.matcher(key).matches()) return key;
    throw wrong("metadata", "metadata has keys of 1 to 40 letters, digits, _, . and -.");
  }

  private static String checked(String key, @Nullable String value) {
    if (value != null && value.length() <= MAX_LENGTH) return value;
    throw wrong(
        "metadata." + key,
        "metadata." + key + " is a text of at most " + MAX_LENGTH + " characters.");
  }

  private static RuntimeException wrong(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, why).about(field).asException();
  }
}
