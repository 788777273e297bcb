package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.TowerDatabase;
import millrace.watchtower.withdrawal.Verdict.Exposed;
import millrace.watchtower.withdrawal.Verdict.Safe;
import millrace.watchtower.withdrawal.Verdict.Settling;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class WithdrawalStoreIT {
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "01".repeat(32));
  private static final ChannelId OTHER = ChannelId.of("0x" + "02".repeat(32));
  private static final Instant NOW = Instant.ofEpochSecond(1_000);

  private final JdbcClient jdbc = JdbcClient.create(TowerDatabase.fresh());
  private final WithdrawalStore store = new WithdrawalStore(jdbc);

  @Test
  void aWithdrawalIsDueAsSoonAsItsVoucherIsHeld() {
    store.note(CHANNEL, 1_900, 7, NOW);
    assertThat(store.due(NOW, 10)).isEmpty();
    hold(CHANNEL);
    assertThat(store.due(NOW, 10))
        .containsExactly(new WatchedWithdrawal(CHANNEL, 1_900, 7, NOW, 0));
  }

  @Test
  void aVerdictIsVoidWhenSomethingHappenedMeanwhile() {
    hold(CHANNEL);
    store.note(CHANNEL, 1_900, 7, NOW);
    var note = store.due(NOW, 10).getFirst();
    store.lookAgain(List.of(CHANNEL), NOW);
    assertThat(store.judge(note, new Safe(), Optional.empty())).isFalse();
    assertThat(store.due(NOW, 10)).hasSize(1);
    assertThat(store.judge(store.due(NOW, 10).getFirst(), new Safe(), Optional.empty())).isTrue();
    assertThat(store.due(NOW.plusSeconds(9_999), 10)).isEmpty();
  }

  @Test
  void theLongestWaitingIsLookedAtFirst() {
    hold(CHANNEL);
    hold(OTHER);
    store.note(CHANNEL, 1_900, 7, NOW);
    store.note(OTHER, 1_900, 7, NOW.plusSeconds(1));
    var first = store.due(NOW.plusSeconds(1), 1).getFirst();
    assertThat(first.channelId()).isEqualTo(CHANNEL);
    store.judge(first, new Settling(), Optional.of(NOW.plusSeconds(2)));
    assertThat(store.due(NOW.plusSeconds(2), 1).getFirst().channelId()).isEqualTo(OTHER);
  }

  @Test
  void anotherWithdrawalAfterTheEndOfTheFirstIsAnother() {
    hold(CHANNEL);
    store.note(CHANNEL, 1_900, 7, NOW);
    store.end(CHANNEL, 6, NOW);
    assertThat(store.counts().open()).as("it was seen later than that").isEqualTo(1);
    store.end(CHANNEL, 9, NOW);
    assertThat(store.counts().open()).isZero();
    store.note(CHANNEL, 3_900, 11, NOW);
    assertThat(store.counts()).isEqualTo(new WithdrawalStore.Counts(2, 1, 0, 0, 0));
  }

  @Test
  void anEndInARemovedBlockIsNone() {
    hold(CHANNEL);
    store.note(CHANNEL, 1_900, 7, NOW);
    store.end(CHANNEL, 9, NOW);
    store.lookAtAllAgain(10, NOW);
    assertThat(store.due(NOW, 10)).isEmpty();
    store.lookAtAllAgain(9, NOW);
    assertThat(store.due(NOW, 10)).hasSize(1);
    store.end(CHANNEL, 9, NOW);
    store.note(CHANNEL, 2_900, 12, NOW);
    store.lookAtAllAgain(9, NOW);
    assertThat(store.counts().open()).as("the newer one stands for both").isEqualTo(1);
  }

  @Test
  void countsWhatIsExposedAndWhatWasAnswered() {
    hold(CHANNEL);
    hold(OTHER);
    store.note(CHANNEL, 1_900, 7, NOW);
    store.note(OTHER, 1_800, 7, NOW);
    for (var note : store.due(NOW, 10)) {
      store.judge(note, new Exposed(Amount.of(1)), Optional.of(NOW));
    }
    store.answered(List.of(CHANNEL), Bytes32.ZERO);
    assertThat(store.counts()).isEqualTo(new WithdrawalStore.Counts(2, 2, 1, 2, 1_800));
  }

  private void hold(ChannelId channel) {
    jdbc.sql(
            """
            INSERT INTO voucher
            SELECT ?, a, a, a, a, a, 900, decode(repeat('00', 32), 'hex'), 1,
                   decode(repeat('00', 65), 'hex'), 1, 1, now()
              FROM (SELECT decode(repeat('00', 20), 'hex') AS a) AS address
            """)
        .param(channel.toArray())
        .update();
  }
}
