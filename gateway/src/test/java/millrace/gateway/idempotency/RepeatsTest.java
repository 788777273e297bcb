package millrace.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class RepeatsTest {
  record Answer(String id, boolean livemode, int attempts) {}

  /// Goal: a repeat is answered although the hub was upgraded, or set back, since the first time.
  @Test
  void anAnswerOfAnotherVersionIsStillAnAnswer() {
    var json = Repeats.ofAnyVersion(JsonMapper.builder().build());

    assertThat(json.readValue("{\"id\":\"a\"}", Answer.class)).isEqualTo(new Answer("a", false, 0));
    assertThat(
            json.readValue(
                "{\"id\":\"a\",\"livemode\":true,\"attempts\":2,\"later\":{}}", Answer.class))
        .isEqualTo(new Answer("a", true, 2));
  }
}
