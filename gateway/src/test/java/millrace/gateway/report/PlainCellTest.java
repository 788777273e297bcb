package millrace.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainCellTest {
  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-", "=\n1", "-1\n"})
  void textThatWouldRunIsMadeText(String text) {
    assertThat(PlainCell.plain(text)).isEqualTo("'" + text);
    assertThat(csv(text, "1")).contains("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-5", "123456789012345678901234567890", "https://a.example/?=1"})
  void numbersAndOtherTextStay(String text) {
    assertThat(csv("text", text).replace("\"", "")).endsWith("text," + text + "\n");
  }

  /// A program that reads lines of JSON runs nothing.
  @Test
  void linesOfJsonSayWhatWasWritten() {
    var line = Format.JSONL.writer(Row.class).writeValueAsString(new Row("=1+1", "-5"));
    assertThat(line).isEqualTo("{\"resource\":\"=1+1\",\"amount\":\"-5\"}");
  }

  private static String csv(String resource, String amount) {
    var writer = Format.CSV.writer(Row.class);
    return writer.writeValueAsString(List.of(new Row(resource, amount)).getFirst());
  }

  record Row(String resource, String amount) {}
}
