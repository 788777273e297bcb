package millrace.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundSettingsTest {
  private static final BigInteger BASE = BigInteger.valueOf(8453);
  private static final BigInteger ANVIL = BigInteger.valueOf(31337);

  @Test
  void innerAddressesAreAllowedOnDevelopmentChainsOnly() {
    var listed = new OutboundSettings(List.of("127.0.0.1"));
    assertThatCode(() -> listed.requireFitFor(ANVIL)).doesNotThrowAnyException();
    assertThatThrownBy(() -> listed.requireFitFor(BASE)).hasMessageContaining("8453");
    assertThatCode(() -> new OutboundSettings(List.of()).requireFitFor(BASE))
        .doesNotThrowAnyException();
  }
}
