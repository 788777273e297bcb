package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaMainTest {
  @Test
  void readsDirectoryAndPort() {
    assertThat(KafkaMain.parse(List.of("--port", "9092", "--dir", "log")))
        .isEqualTo(Map.of("--port", "9092", "--dir", "log"));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> KafkaMain.parse(List.of("--broker", "1")))
        .hasMessageContaining("--broker");
    assertThatThrownBy(() -> KafkaMain.parse(List.of("--dir"))).hasMessageContaining("--dir");
  }
}
