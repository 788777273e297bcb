package millrace.acceptance.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A YAML document, walked by a path of names and list indices.
record Manifest(Object root) {

  String text(Object... path) {
    return at(path).map(String::valueOf).orElse("");
  }

  int number(Object... path) {
    return at(path).map(value -> Integer.parseInt(String.valueOf(value))).orElse(-1);
  }

  List<Manifest> list(Object... path) {
    return at(path)
        .filter(List.class::isInstance)
        .map(value -> ((List<?>) value).stream().map(Manifest::new).toList())
        .orElse(List.of());
  }

  Map<?, ?> map(Object... path) {
    return at(path).filter(Map.class::isInstance).map(Map.class::cast).orElse(Map.of());
  }

  Manifest sub(Object... path) {
    return new Manifest(at(path).orElse(Map.of()));
  }

  private Optional<Object> at(Object... path) {
    Object here = root;
    for (Object step : path) {
      here =
          switch (here) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list when step instanceof Integer index && index < list.size() ->
                list.get(index);
            case null, default -> null;
          };
      if (here == null) return Optional.empty();
    }
    return Optional.of(here);
  }
}
