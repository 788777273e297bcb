package millrace.channel.giveback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import millrace.channel.TestChannel;
import millrace.channel.TestHub;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.GiveBackView.GiveBackStatus;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import org.junit.jupiter.api.Test;

/// What the table says to those who do not look first.
final class GiveBackRowsIT {
  private final TestHub hub = TestHub.shared();
  private final GiveBackRows rows = hub.replica(0).getBean(GiveBackRows.class);
  private final MerchantId merchant = TestHub.merchant();
  private final Instant now = Instant.now();

  @Test
  void onlyWhatIsToLeaveOnChainIsBegunAndOnlyOnce() {
    assertThat(rows.begin(inserted(Optional.empty()), now)).isFalse();

    var onChain = inserted(Optional.of(GiveBackMethod.ON_CHAIN));
    assertThat(rows.begin(onChain, now)).isTrue();
    assertThat(rows.begin(onChain, now)).isFalse();

    var denied = inserted(Optional.of(GiveBackMethod.ON_CHAIN));
    assertThat(rows.refused(denied, GiveBackFailure.PROMISED, now)).isPresent();
    assertThat(rows.begin(denied, now)).isFalse();
  }

  @Test
  void endsOnceAndAsFarAsItWasBegun() {
    var waiting = inserted(Optional.of(GiveBackMethod.ON_CHAIN));
    assertThat(rows.sent(waiting, TestChannel.bytes32(1), now)).isEmpty();
    assertThat(rows.notSent(waiting, GiveBackFailure.DAILY_LIMIT, now)).isEmpty();
    rows.begin(waiting, now);
    assertThat(rows.credited(waiting, now)).isEmpty();
    assertThat(rows.refused(waiting, GiveBackFailure.PROMISED, now)).isEmpty();

    assertThat(rows.sent(waiting, TestChannel.bytes32(1), now)).isPresent();
    assertThat(rows.sent(waiting, TestChannel.bytes32(2), now)).isEmpty();
    assertThat(rows.notSent(waiting, GiveBackFailure.DAILY_LIMIT, now)).isEmpty();
    assertThat(rows.find(waiting).flatMap(GiveBackView::transaction))
        .contains(TestChannel.bytes32(1));
  }

  private RefundId inserted(Optional<GiveBackMethod> method) {
    var id = new RefundId("re_" + TestHub.id());
    rows.insert(
        new GiveBackView(
            id,
            merchant,
            new PaymentId("pay_" + TestHub.id()),
            hub.open(1).id(),
            hub.terms().token().address(),
            Amount.of(1),
            GiveBackStatus.PENDING,
            now,
            method,
            Optional.empty(),
            Optional.empty()));
    return id;
  }
}
