package millrace.channel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.channel.guard.ExposureBudget.Limits;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.Refusal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.junit.jupiter.api.Test;

final class ExposureBudgetTest {
  private static final Limits LIMITS = new Limits(Amount.of(160), Amount.of(1_000));
  private static final Address PAYER = Address.of("0x" + "11".repeat(20));
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "01".repeat(32));
  private static final ChannelId OTHER = ChannelId.of("0x" + "02".repeat(32));
  private static final Decision ACCEPTED = new Accepted(new Open(Account.EMPTY), List.of());
  private static final Decision BEHIND = new Refused(Refusal.TOWER_BEHIND);

  @Test
  void aChannelMayUseItsShareWithoutALookAtTheOthers() {
    var budget = budget(Map.of(), 0);
    assertThat(judge(budget, CHANNEL, 100, 110, 10)).isEqualTo(ACCEPTED);
    assertThat(budget.exposable(CHANNEL)).contains(Amount.of(10));
    assertThat(judge(budget, CHANNEL, 100, 111, 1)).isEqualTo(BEHIND);
  }

  @Test
  void aPayersChannelsAreCountedTogether() {
    var budget = budget(Map.of(PAYER, Map.of(OTHER, Amount.of(100), CHANNEL, Amount.of(5))), 0);
    assertThat(judge(budget, CHANNEL, 100, 160, 55)).isEqualTo(ACCEPTED);
    assertThat(budget.exposable(CHANNEL)).contains(Amount.of(60));
    assertThat(judge(budget, CHANNEL, 100, 161, 1)).isEqualTo(BEHIND);
    assertThat(judge(budget, OTHER, 0, 101, 1)).isEqualTo(BEHIND);
  }

  @Test
  void whatOneChannelTakesInABatchIsMissingToTheNext() {
    var budget = budget(Map.of(PAYER, Map.of()), 0);
    assertThat(judge(budget, CHANNEL, 0, 100, 100)).isEqualTo(ACCEPTED);
    assertThat(judge(budget, OTHER, 0, 61, 61)).isEqualTo(BEHIND);
    assertThat(judge(budget, OTHER, 0, 60, 60)).isEqualTo(ACCEPTED);
  }

  /// Waiting would not help, so the payer is not told to.
  @Test
  void aPriceThatNeverFitsIsRefusedForGood() {
    var never = new Refused(Refusal.PRICE_ABOVE_LIMIT);
    var budget = budget(Map.of(PAYER, Map.of()), 0);
    assertThat(judge(budget, CHANNEL, 0, 161, 161)).isEqualTo(never);
    assertThat(judge(budget, CHANNEL, 0, 160, 160)).isEqualTo(ACCEPTED);
    var little = new Limits(Amount.of(1_000), Amount.of(50));
    var counted = Map.of(PAYER, Map.<ChannelId, Amount>of());
    var tight = new ExposureBudget(Optional.of(little), counted, Amount.of(1));
    assertThat(judge(tight, CHANNEL, 0, 51, 51)).isEqualTo(never);
    assertThat(judge(tight, CHANNEL, 0, 50, 50)).isEqualTo(BEHIND);
  }

  @Test
  void theTotalStopsEverybody() {
    var budget = budget(Map.of(), 995);
    assertThat(judge(budget, CHANNEL, 0, 3, 3)).isEqualTo(ACCEPTED);
    assertThat(judge(budget, OTHER, 0, 3, 3)).isEqualTo(BEHIND);
    assertThat(judge(budget, OTHER, 0, 2, 2)).isEqualTo(ACCEPTED);
  }

  @Test
  void aRefusalOfTheChannelStaysWhatItIs() {
    var refused = new Refused(Refusal.CUMULATIVE_MISMATCH);
    var budget = budget(Map.of(), 0);
    assertThat(budget.judge(refused, asking(CHANNEL, 0, 10_000), Amount.of(1))).isEqualTo(refused);
    assertThat(budget.exposable(CHANNEL)).isEmpty();
  }

  @Test
  void withoutATowerNothingIsCounted() {
    var budget = ExposureBudget.unlimited();
    assertThat(judge(budget, CHANNEL, 0, 1_000_000, 1_000_000)).isEqualTo(ACCEPTED);
    assertThat(budget.exposable(CHANNEL)).isEmpty();
  }

  private static ExposureBudget budget(Map<Address, Map<ChannelId, Amount>> counted, long ofAll) {
    return new ExposureBudget(Optional.of(LIMITS), counted, Amount.of(ofAll));
  }

  private static Decision judge(
      ExposureBudget budget, ChannelId channel, long safe, long upTo, long price) {
    return budget.judge(ACCEPTED, asking(channel, safe, upTo), Amount.of(price));
  }

  private static Asking asking(ChannelId channel, long safe, long upTo) {
    return new Asking(channel, PAYER, Amount.of(safe), Amount.of(upTo));
  }
}
