package millrace.gateway.page;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Function;

/// A part of a list, newest first. The next part starts after the last id of this one.
public record Page<T>(String object, List<T> data, @JsonProperty("has_more") boolean hasMore) {
  /// @param found up to one more than the limit: the one too many only says that there is more
  public static <T> Page<T> of(List<T> found, PageRequest request) {
    boolean more = found.size() > request.limit();
    return new Page<>("list", more ? found.subList(0, request.limit()) : found, more);
  }

  public <R> Page<R> map(Function<T, R> form) {
    return new Page<>(object, data.stream().map(form).toList(), hasMore);
  }
}
