package millrace.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentRequest;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

/// A commit full of refusals would be a fast one, so every payment has to be good.
class PayingChannelTest {
  private static final HubTerms TERMS = HopClient.TERMS;

  private final PayingChannel channel = PayingChannel.of(TERMS, 1);

  @Test
  void itsTermsAreTheHubs() {
    assertThat(TERMS.match(channel.config())).isTrue();
    assertThat(TERMS.domain().channelId(channel.config())).isEqualTo(channel.id());
  }

  @Test
  void everyPaymentIsOnePriceAboveTheOneBefore() {
    var charged = Amount.ZERO;
    for (int payment = 0; payment < 3; payment++) {
      var request = request();
      charged = charged.plus(request.price());
      assertThat(request.voucher().voucher().ceiling()).isEqualTo(charged);
      assertThat(TERMS.domain().verify(request.voucher(), channel.config())).isPresent();
    }
  }

  @Test
  void noTwoPaymentsAreTheSameOne() {
    var first = request();
    var second = request();
    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(first.idempotencyKey()).isNotEqualTo(second.idempotencyKey());
  }

  @Test
  void payersHaveChannelsOfTheirOwn() {
    assertThat(PayingChannel.of(TERMS, 2).id()).isNotEqualTo(channel.id());
  }

  private PaymentRequest request() {
    if (channel.next() instanceof Charge(var request)) return request;
    throw new AssertionError("not a charge");
  }
}
