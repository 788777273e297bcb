package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
  private static final String PLAIN =
      "HTTP/1.1 201 \r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nA\r\n0123456789\r\n0\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, CHUNKED})
  void isNotThereBeforeItsLastByte(String text) {
    var bytes = text.getBytes(US_ASCII);
    for (int limit = 0; limit < bytes.length; limit++) {
      assertThat(Answer.in(bytes, limit)).as("after %d bytes", limit).isEmpty();
    }
    assertThat(Answer.in(bytes, bytes.length)).isPresent();
  }

  @Test
  void saysStatusBodyAndEnd() {
    var answer = answer(PLAIN);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body()).asString(US_ASCII).isEqualTo("hello");
    assertThat(answer.end()).isEqualTo(PLAIN.length());
    assertThat(answer.last()).isFalse();
  }

  @Test
  void joinsChunks() {
    assertThat(answer(CHUNKED).body()).asString(US_ASCII).isEqualTo("abcd0123456789");
  }

  @Test
  void endsWhereItsLengthSaysAndNotWhereTheBytesEnd() {
    var two = PLAIN + PLAIN;
    assertThat(answer(two).end()).isEqualTo(PLAIN.length());
  }

  @Test
  void readsNamesOfAnyCase() {
    assertThat(answer("HTTP/1.1 402 \r\ncontent-LENGTH: 0\r\nCONNECTION: Close\r\n\r\n"))
        .matches(it -> it.status() == 402 && it.last() && it.body().length == 0);
  }

  @Test
  void takesABodyForNoHeader() {
    var text = "HTTP/1.1 200 \r\nContent-Length: 19\r\n\r\nContent-Length: 99\n";
    assertThat(answer(text).end()).isEqualTo(text.length());
  }

  @Test
  void anAnswerWithoutContentNeedsNoLength() {
    assertThat(answer("HTTP/1.1 204 \r\n\r\n").body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 \r\nX: y\r\n\r\n", "SSH-2.0-x 200 \r\n\r\n"})
  void whatCannotBeReadIsSaid(String text) {
    assertThatThrownBy(() -> answer(text)).isInstanceOf(IllegalStateException.class);
  }

  private static Answer answer(String text) {
    var bytes = text.getBytes(US_ASCII);
    return Answer.in(bytes, bytes.length).orElseThrow();
  }
}
