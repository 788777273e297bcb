package millrace.gateway.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.csv.CsvMapper;

/// How a file is written. Both have the same columns, in the same order.
enum Format {
  CSV("text/csv"),
  JSONL("application/x-ndjson");

  private static final CsvMapper COMMAS =
      CsvMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .addModule(new SimpleModule().addSerializer(new PlainCell()))
          .build();
  private static final JsonMapper LINES =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .changeDefaultPropertyInclusion(
              value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private final String mediaType;

  Format(String mediaType) {
    this.mediaType = mediaType;
  }

  static Format of(@Nullable String name) {
    return Optional.ofNullable(name)
        .map(
            given ->
                Arrays.stream(values())
                    .filter(format -> format.extension().equals(given))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Problem.of(ProblemCode.INVALID_REQUEST, "format is csv or jsonl.")
                                .about("format")
                                .asException()))
        .orElse(CSV);
  }

  String mediaType() {
    return mediaType;
  }

  String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The names of the columns, on a line.
  byte[] header(Class<?> row) {
    var names = new StringJoiner(",", "", "\n");
    COMMAS.schemaFor(row).forEach(column -> names.add(column.getName()));
    return names.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// @param row a record; its components are the columns
  ObjectWriter writer(Class<?> row) {
    return switch (this) {
      case CSV -> COMMAS.writerFor(row).with(COMMAS.schemaFor(row).withHeader());
      case JSONL -> LINES.writerFor(row).withRootValueSeparator("\n");
    };
  }
}
