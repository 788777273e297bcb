package millrace.protocol.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChannelConfigTest {
  private static ChannelConfig withDelay(long seconds) {
    var config = Samples.CONFIG;
    return new ChannelConfig(
        config.payer(),
        config.payerAuthorizer(),
        config.receiver(),
        config.receiverAuthorizer(),
        config.token(),
        seconds,
        config.salt());
  }

  @Test
  void hasADelayThatIsAUint40() {
    assertThat(withDelay(0).withdrawDelaySeconds()).isZero();
    assertThat(withDelay((1L << 40) - 1).withdrawDelaySeconds()).isEqualTo((1L << 40) - 1);
    assertThatThrownBy(() -> withDelay(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> withDelay(1L << 40)).isInstanceOf(IllegalArgumentException.class);
  }
}
