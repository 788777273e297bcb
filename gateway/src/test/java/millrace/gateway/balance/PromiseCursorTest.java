package millrace.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class PromiseCursorTest {
  private static final Address PAYEE = Address.of("0x" + "1".repeat(40));
  private static final Address ONE = Address.of("0x" + "a".repeat(40));
  private static final Address OTHER = Address.of("0x" + "b".repeat(40));

  @Test
  void knowsWhatItWasGivenInAllTokensAfterATripThroughText() {
    var first = promise(ONE, 5);
    var second = promise(OTHER, 5);
    var cursor = PromiseCursor.NONE.with(first).with(second);
    var back = PromiseCursor.of(Optional.of(cursor.toString()));
    assertThat(back.has(first)).isTrue();
    assertThat(back.has(second)).isTrue();
    assertThat(back.has(promise(ONE, 6))).isFalse();
  }

  @Test
  void doesNotGrowWithEachNewerPromise() {
    var other = promise(OTHER, 1);
    var cursor = PromiseCursor.NONE.with(other);
    for (int i = 1; i < 50; i++) {
      var newest = promise(ONE, i);
      cursor = cursor.within(List.of(newest, other)).with(newest);
    }
    assertThat(cursor.marks()).hasSize(2);
    assertThat(cursor.has(other)).isTrue();
  }

  @Test
  void ofNothingHasNothing() {
    assertThat(PromiseCursor.of(Optional.empty()).has(promise(ONE, 1))).isFalse();
    assertThat(PromiseCursor.of(Optional.of("-")).has(promise(ONE, 1))).isFalse();
  }

  private static PromiseIssued promise(Address token, long cumulative) {
    var signature = SigningKey.of("0x%064x".formatted(9)).sign(new byte[32]);
    return new PromiseIssued(PAYEE, token, Amount.of(cumulative), signature, PAYEE, Instant.EPOCH);
  }
}
