package millrace.payer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Optional;
import millrace.payer.PayerChain.OnChain;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.SettleResponse;
import org.junit.jupiter.api.Test;

class PayerChannelTest {
  private static final ChannelId OTHER = ChannelId.of("0x" + "99".repeat(32));
  private static final Amount PRICE = Amount.of(100);

  private final PayerChannel before = channel().sending(Amount.ZERO);
  private final PayerChannel sent = before.sending(PRICE);

  @Test
  void aCeilingBelowWhatIsOwedCannotBeRepresented() {
    assertThatThrownBy(
            () ->
                new PayerChannel(
                    sent.id(),
                    sent.network(),
                    sent.config(),
                    Amount.of(2),
                    Amount.of(1),
                    Amount.of(3),
                    Amount.ZERO,
                    Optional.empty(),
                    false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReceiptForAnotherChannelCountsNothing() {
    assertThat(sent.settled(receipt(state(OTHER, PRICE)), PRICE, true))
        .isInstanceOf(Judgement.Doubted.class);
  }

  @Test
  void aChargeBelowThePriceIsWhatIsOwed() {
    var state = state(sent.id(), Amount.of(60));
    var response =
        SettleResponse.charged(FakeHub.NETWORK, FakeHub.ALICE.address(), state, Amount.of(60));
    assertThat(sent.settled(response, PRICE, true))
        .isInstanceOfSatisfying(
            Judgement.Believed.class,
            believed -> {
              assertThat(believed.channel().charged()).isEqualTo(Amount.of(60));
              assertThat(believed.channel().unresolved()).isEqualTo(Amount.of(60));
              assertThat(believed.channel().signed()).isEqualTo(PRICE);
            });
  }

  @Test
  void aChargeOfTheRestOfAnEarlierCeilingIsALie() {
    // The price was 100, 60 were charged: the other 40 are not owed for nothing.
    var less = channel().sending(PRICE).refusedSince(channel());
    assertThat(corrected(less, less, state(less.id(), PRICE), Optional.of(PRICE), Optional.empty()))
        .isInstanceOf(Judgement.Doubted.class);
  }

  @Test
  void aCorrectionForAnotherChannelIsNotBelieved() {
    assertThat(
            corrected(sent, before, state(OTHER, Amount.ZERO), Optional.empty(), Optional.empty()))
        .isInstanceOf(Judgement.Doubted.class);
  }

  @Test
  void aCorrectionBelowWhatWasClaimedIsNotBelieved() {
    var chain = new OnChain(Amount.of(1000), Amount.of(50), Optional.empty());
    assertThat(
            corrected(
                sent,
                before,
                state(sent.id(), Amount.of(49)),
                Optional.empty(),
                Optional.of(chain)))
        .isInstanceOf(Judgement.Doubted.class);
  }

  @Test
  void whatTheChainRecordedIsOwedWithoutAnotherProof() {
    var chain = new OnChain(Amount.of(1000), Amount.of(500), Optional.empty());
    assertThat(
            corrected(
                before,
                before,
                state(sent.id(), Amount.of(500)),
                Optional.empty(),
                Optional.of(chain)))
        .isInstanceOfSatisfying(
            Judgement.Believed.class,
            believed -> assertThat(believed.channel().charged()).isEqualTo(Amount.of(500)));
  }

  @Test
  void aVoucherProvesNoMoreThanItsCeiling() {
    var told = state(sent.id(), Amount.of(501));
    assertThat(corrected(sent, before, told, Optional.of(Amount.of(500)), Optional.empty()))
        .isInstanceOf(Judgement.Doubted.class);
    assertThat(corrected(sent, before, told, Optional.of(Amount.of(501)), Optional.empty()))
        .isInstanceOf(Judgement.Believed.class);
  }

  @Test
  void withoutAChainAHubsWordDoesNotLowerTheBalance() {
    assertThat(
            corrected(
                sent, before, state(sent.id(), Amount.ZERO), Optional.empty(), Optional.empty()))
        .isInstanceOfSatisfying(
            Judgement.Believed.class,
            believed -> assertThat(believed.channel().balance()).isEqualTo(Amount.of(10_000)));
  }

  private static Judgement corrected(
      PayerChannel sent,
      PayerChannel before,
      ChannelState told,
      Optional<Amount> proven,
      Optional<OnChain> chain) {
    return sent.corrected(before, told, proven, chain);
  }

  private static SettleResponse receipt(ChannelState state) {
    return SettleResponse.charged(FakeHub.NETWORK, FakeHub.ALICE.address(), state, PRICE);
  }

  private static ChannelState state(ChannelId id, Amount owed) {
    return new ChannelState(id, Amount.ZERO, Amount.ZERO, 0, BigInteger.ZERO, owed);
  }

  private static PayerChannel channel() {
    var keys = PayerKeys.of(FakeHub.ALICE);
    var config = keys.channelFor(new FakeHub().offer(), Bytes32.ZERO);
    var id = keys.deployment().domain(FakeHub.NETWORK).channelId(config);
    return PayerChannel.unknown(id, FakeHub.NETWORK, config, Amount.ZERO, Amount.of(10_000));
  }
}
