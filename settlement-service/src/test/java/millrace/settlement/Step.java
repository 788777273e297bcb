package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;

/// What a hub has to do on chain once and not twice, whatever happens meanwhile.
enum Step {
  DEPOSIT("deposit") {
    @Override
    Deed prepared(Flow flow) {
      var payer = flow.payer(30_000);
      var authorized = payer.authorize(30_000);
      return new Deed(
          () -> flow.publish(authorized),
          () -> !flow.confirmations(authorized).isEmpty(),
          () -> {
            assertThat(flow.confirmations(authorized))
                .singleElement()
                .satisfies(c -> assertThat(c.after().balance()).isEqualTo(Amount.of(30_000)));
            assertThat(flow.heard(DepositFailed.class))
                .noneMatch(failed -> failed.channelId().equals(payer.channel()));
            assertThat(flow.tokens(payer.key().address())).isEqualTo(Amount.ZERO);
          });
    }
  },

  CLAIM("claim") {
    @Override
    Deed prepared(Flow flow) {
      var payer = flow.spender();
      var payment = flow.nextPayment(15_000);
      BooleanSupplier isClaimed = () -> !flow.claims(payer, payment.charged()).isEmpty();
      return new Deed(
          () -> flow.publish(payment),
          isClaimed,
          () -> assertThat(flow.claims(payer, payment.charged())).hasSize(1));
    }
  },

  /// A merchant gives a payment back through the channel.
  REFUND("refund") {
    @Override
    Deed prepared(Flow flow) {
      var payer = flow.funded(30_000);
      var refund = flow.refundBy(new MerchantId("mer_%026d".formatted(7)), payer, 10_000, 2_000);
      return new Deed(
          () -> flow.publish(refund),
          () -> !flow.refunds(refund).isEmpty(),
          () -> {
            assertThat(flow.refunds(refund))
                .singleElement()
                .satisfies(r -> assertThat(r.merchant()).isEqualTo(refund.merchant()));
            assertThat(flow.heard(RefundFailed.class))
                .noneMatch(failed -> failed.refundId().equals(refund.refundId()));
            assertThat(flow.tokens(payer.key().address())).isEqualTo(Amount.of(2_000));
          });
    }
  },

  /// The vault has the money and knows the payee, so that one transaction is all it takes.
  PAYOUT("credit") {
    @Override
    Deed prepared(Flow flow) {
      var merchant = flow.paidMerchant();
      var before = flow.tokens(merchant);
      var payout = flow.payoutTo(merchant, 2_000);
      return new Deed(
          () -> flow.publish(payout),
          () -> !flow.payments(payout).isEmpty(),
          () -> {
            assertThat(flow.payments(payout)).hasSize(1);
            assertThat(flow.heard(PayoutFailed.class))
                .noneMatch(failed -> failed.payoutId().equals(payout.payoutId()));
            assertThat(flow.tokens(merchant)).isEqualTo(before.plus(Amount.of(2_000)));
          });
    }
  };

  private final String kind;

  Step(String kind) {
    this.kind = kind;
  }

  /// Of its transaction.
  String kind() {
    return kind;
  }

  abstract Deed prepared(Flow flow);

  /// One such thing.
  record Deed(Runnable beginning, BooleanSupplier done, Runnable once) {
    void begin() {
      beginning.run();
    }

    boolean isDone() {
      return done.getAsBoolean();
    }

    void assertDoneOnce() {
      once.run();
    }
  }
}
