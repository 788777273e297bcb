package millrace.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final byte[] ANSWER = "{\"secret\":\"sk\"}".getBytes(StandardCharsets.UTF_8);

  private final Seal seal = new Seal();

  @Test
  void whoeverAskedCanReadItAgain() {
    byte[] closed = seal.close(ANSWER, "Bearer a", "k");
    assertThat(seal.open(closed, "Bearer a", "k"))
        .hasValueSatisfying(open -> assertThat(open).isEqualTo(ANSWER));
  }

  @Test
  void nobodyElseCan() {
    byte[] closed = seal.close(ANSWER, "Bearer a", "k");
    assertThat(seal.open(closed, "Bearer b", "k")).isEmpty();
    assertThat(seal.open(closed, "Bearer a", "l")).isEmpty();
    assertThat(new String(closed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    closed[closed.length - 1] ^= 1;
    assertThat(seal.open(closed, "Bearer a", "k")).isEmpty();
  }
}
