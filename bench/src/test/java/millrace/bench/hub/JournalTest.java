package millrace.bench.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final ChannelId ONE = channel("11");
  private static final ChannelId OTHER = channel("22");
  private final Journal journal = new Journal(Map.of(ONE, 5_000L, OTHER, 3_000L), 1_000);

  private static ChannelId channel(String digits) {
    return ChannelId.of(Bytes32.of("0x" + digits.repeat(32)).toArray());
  }

  @Test
  void nothingIsMissingWhenTheBooksHaveAllOfIt() {
    assertThat(journal.missingIn(Map.of(ONE, 5_000L, OTHER, 3_000L))).isZero();
  }

  @Test
  void onePaymentWhoseAnswerWasLostMayBeInTheBooks() {
    assertThat(journal.missingIn(Map.of(ONE, 6_000L, OTHER, 3_000L))).isZero();
  }

  @Test
  void whatTheBooksDoNotHaveIsCountedAndNotMadeUpForByAnother() {
    assertThat(journal.missingIn(Map.of(ONE, 3_000L, OTHER, 4_000L))).isEqualTo(2);
    assertThat(journal.missingIn(Map.of(ONE, 5_000L))).isEqualTo(3);
  }

  @Test
  void moreThanWasEverSignedIsAFault() {
    assertThatThrownBy(() -> journal.missingIn(Map.of(ONE, 7_000L, OTHER, 3_000L)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("7000");
  }
}
