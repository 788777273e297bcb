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
import millrace.watchtower.withdrawal.WithdrawalStore.Judgement;
import millrace.watchtower.withdrawal.WithdrawalStore.Seen;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class WithdrawalStoreIT {
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "01".repeat(32));
  private static final ChannelId OTHER = ChannelId.of("0x" + "02".repeat(32));
  private static final ChannelId DEARER = ChannelId.of("0x" + "03".repeat(32));
  private static final Exposed EXPOSED = new Exposed(Amount.of(1), Amount.of(1));
  private static final Instant NOW = Instant.ofEpochSecond(1_000);

  private final JdbcClient jdbc = JdbcClient.create(TowerDatabase.fresh());
  private final WithdrawalStore store = new WithdrawalStore(jdbc);

  @Test
  void aWithdrawalIsDueAsSoonAsItsVoucherIsHeld() {
    store.note(List.of(new Seen(CHANNEL, 1_900, 7)), NOW);
    assertThat(store.unknown(NOW, 10)).isEmpty();
    hold(CHANNEL);
    assertThat(store.unknown(NOW, 10))
        .containsExactly(new WatchedWithdrawal(CHANNEL, 1_900, 7, NOW, 0));
  }

  @Test
  void aVerdictIsVoidWhenSomethingHappenedMeanwhile() {
    hold(CHANNEL);
    store.note(List.of(new Seen(CHANNEL, 1_900, 7)), NOW);
    var note = store.unknown(NOW, 10).getFirst();
    store.lookAgain(List.of(CHANNEL), NOW);
    assertThat(store.judge(List.of(new Judgement(note, new Safe(), Optional.empty())))).isEmpty();
    assertThat(store.unknown(NOW, 10)).hasSize(1);
    var newer = store.unknown(NOW, 10).getFirst();
    assertThat(store.judge(List.of(new Judgement(newer, new Safe(), Optional.empty()))))
        .containsExactly(CHANNEL);
    assertThat(store.again(NOW.plusSeconds(9_999), 1_000, 10)).isEmpty();
  }

  @Test
  void theEarliestDeadlineIsLookedAtFirstThenTheMostCharged() {
    hold(CHANNEL, 1);
    hold(OTHER, 1);
    hold(DEARER, 2);
    store.note(
        List.of(new Seen(CHANNEL, 1_900, 7), new Seen(OTHER, 1_800, 8), new Seen(DEARER, 1_900, 7)),
        NOW);
    assertThat(channels(store.unknown(NOW, 10))).containsExactly(OTHER, DEARER, CHANNEL);
    assertThat(channels(store.unknown(NOW, 1))).containsExactly(OTHER);
    for (var note : store.unknown(NOW, 10)) judge(note, EXPOSED, Look.at(NOW));
    assertThat(channels(store.again(NOW, 8, 10))).containsExactly(OTHER, DEARER, CHANNEL);
  }

  @Test
  void whatWasLookedAtLeavesThoseThatWereNotAndWhatOnlySettlesComesLast() {
    hold(CHANNEL);
    hold(OTHER);
    store.note(List.of(new Seen(CHANNEL, 1_900, 7), new Seen(OTHER, 1_800, 8)), NOW);
    var first = store.unknown(NOW, 1).getFirst();
    judge(first, new Settling(), Look.at(NOW));
    assertThat(channels(store.unknown(NOW, 10))).containsExactly(CHANNEL);
    assertThat(channels(store.again(NOW, 8, 10))).containsExactly(OTHER);
    judge(store.unknown(NOW, 10).getFirst(), EXPOSED, Look.at(NOW));
    assertThat(channels(store.again(NOW, 8, 10))).containsExactly(CHANNEL, OTHER);
  }

  @Test
  void whatCanOnlyChangeInALaterBlockIsLookedAtWhenItHasComeOrDoesNotComeForLong() {
    var note = noted();
    judge(note, new Settling(), new Look(NOW, 9));
    assertThat(store.again(NOW, 8, 10)).isEmpty();
    assertThat(store.again(NOW.minusSeconds(1), 9, 10)).isEmpty();
    assertThat(store.again(NOW, 9, 10)).hasSize(1);
    var late = NOW.plus(WithdrawalStore.LONGEST_WAIT);
    assertThat(store.again(late.minusSeconds(1), 8, 10)).isEmpty();
    assertThat(store.again(late, 8, 10)).hasSize(1);
  }

  @Test
  void newsOfAChannelDoNotWaitForABlock() {
    judge(noted(), new Settling(), new Look(NOW.plusSeconds(9), 99));
    store.lookAgain(List.of(CHANNEL), NOW);
    assertThat(store.again(NOW, 8, 10)).hasSize(1);
  }

  @Test
  void anotherWithdrawalOrAReorganisationMakesAllUnknown() {
    judge(noted(), new Settling(), new Look(NOW.plusSeconds(9), 99));
    store.note(List.of(new Seen(CHANNEL, 2_000, 9)), NOW);
    assertThat(store.unknown(NOW, 10)).hasSize(1);
    judge(store.unknown(NOW, 10).getFirst(), new Settling(), new Look(NOW.plusSeconds(9), 99));
    store.lookAtAllAgain(9, NOW);
    assertThat(store.unknown(NOW, 10)).hasSize(1);
  }

  @Test
  void anotherWithdrawalAfterTheEndOfTheFirstIsAnother() {
    hold(CHANNEL);
    store.note(List.of(new Seen(CHANNEL, 1_900, 7)), NOW);
    store.end(List.of(CHANNEL), 6, NOW);
    assertThat(store.counts().open()).as("it was seen later than that").isEqualTo(1);
    store.end(List.of(CHANNEL), 9, NOW);
    assertThat(store.counts().open()).isZero();
    store.note(List.of(new Seen(CHANNEL, 3_900, 11)), NOW);
    assertThat(store.counts()).isEqualTo(new WithdrawalStore.Counts(2, 1, 0, 0, 0));
  }

  @Test
  void anEndInARemovedBlockIsNone() {
    hold(CHANNEL);
    store.note(List.of(new Seen(CHANNEL, 1_900, 7)), NOW);
    store.end(List.of(CHANNEL), 9, NOW);
    store.lookAtAllAgain(10, NOW);
    assertThat(store.unknown(NOW, 10)).isEmpty();
    store.lookAtAllAgain(9, NOW);
    assertThat(store.unknown(NOW, 10)).hasSize(1);
    store.end(List.of(CHANNEL), 9, NOW);
    store.note(List.of(new Seen(CHANNEL, 2_900, 12)), NOW);
    store.lookAtAllAgain(9, NOW);
    assertThat(store.counts().open()).as("the newer one stands for both").isEqualTo(1);
  }

  @Test
  void countsWhatIsExposedAndWhatWasAnswered() {
    hold(CHANNEL);
    hold(OTHER);
    store.note(List.of(new Seen(CHANNEL, 1_900, 7)), NOW);
    store.note(List.of(new Seen(OTHER, 1_800, 7)), NOW);
    for (var note : store.unknown(NOW, 10)) {
      judge(note, EXPOSED, Look.at(NOW));
    }
    store.answered(List.of(CHANNEL), Bytes32.ZERO);
    assertThat(store.counts()).isEqualTo(new WithdrawalStore.Counts(2, 2, 1, 2, 1_800));
  }

  private WatchedWithdrawal noted() {
    hold(CHANNEL);
    store.note(List.of(new Seen(CHANNEL, 1_900, 7)), NOW);
    return store.unknown(NOW, 10).getFirst();
  }

  private void judge(WatchedWithdrawal note, Verdict verdict, Look next) {
    assertThat(store.judge(List.of(new Judgement(note, verdict, Optional.of(next))))).hasSize(1);
  }

  private static List<ChannelId> channels(List<WatchedWithdrawal> notes) {
    return notes.stream().map(WatchedWithdrawal::channelId).toList();
  }

  private void hold(ChannelId channel) {
    hold(channel, 1);
  }

  private void hold(ChannelId channel, long charged) {
    jdbc.sql(
            """
            INSERT INTO voucher
            SELECT ?, a, a, a, a, a, 900, decode(repeat('00', 32), 'hex'), 9,
                   decode(repeat('00', 65), 'hex'), ?, 1, now(), 0, 1
              FROM (SELECT decode(repeat('00', 20), 'hex') AS a) AS address
            """)
        .param(channel.toArray())
        .param(charged)
        .update();
  }
}
