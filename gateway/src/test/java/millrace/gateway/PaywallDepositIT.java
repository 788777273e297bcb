package millrace.gateway;

import static millrace.gateway.Answers.receipt;
import static millrace.gateway.Answers.required;
import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.RefundId;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Money that comes with a payment, and money that goes back.
class PaywallDepositIT {
  private static final long PRICE = 1_000;
  private static GatewayFixture gateway;
  private static Account merchant;
  private static String route;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of(
                "millrace.gateway.checkout.busy-wait", "400ms",
                "millrace.gateway.checkout.deposit-wait", "2s",
                "millrace.gateway.checkout.poll-wait", "200ms",
                "millrace.gateway.checkout.capture-wait", "1s",
                "millrace.gateway.paywall.upstream-timeout", "5s",
                "millrace.gateway.paywall.max-request-bytes", "2000",
                "millrace.gateway.paywall.max-response-bytes", "5000"));
    merchant = gateway.merchant();
    route = gateway.route(merchant, "" + PRICE, "");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.forget();
    gateway.upstream.reset();
  }

  @Test
  void aFirstPaymentDepositsAndThenCharges() {
    var asked = new AtomicInteger();
    gateway.hub.deposits =
        command ->
            asked.incrementAndGet() < 3
                ? new DepositOutcome.Pending(Bytes32.ZERO)
                : new DepositOutcome.Confirmed(
                    Bytes32.of("0x" + "7".repeat(64)),
                    command.amount(),
                    gateway.hub.view(payer.channelId()));

    var answer = gateway.paid(route, payer.deposit(PRICE, PRICE, 10_000));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(asked).hasValue(3);
    var receipt = receipt(answer);
    assertThat(receipt.transaction()).contains(Bytes32.of("0x" + "7".repeat(64)));
    assertThat(receipt.amount()).contains(Amount.of(10_000));
    assertThat(receipt.chargedAmount()).contains(Amount.of(PRICE));
  }

  @Test
  void aDepositThatStaysPendingIsReportedAsUnknown() {
    gateway.hub.deposits = _ -> new DepositOutcome.Pending(Bytes32.ZERO);

    var answer = gateway.paid(route, payer.deposit(PRICE, PRICE, 10_000));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(code(answer)).isEqualTo("outcome-unknown");
    assertThat(gateway.hub.commands).isEmpty();
  }

  @Test
  void aDepositThatFailsOnChainIsASettlementThatFailed() {
    gateway.hub.deposits =
        _ -> new DepositOutcome.Failed(DepositFailure.INSUFFICIENT_BALANCE, "no tokens");

    var answer = gateway.paid(route, payer.deposit(PRICE, PRICE, 10_000));

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(receipt(answer).success()).isFalse();
    assertThat(required(answer).error())
        .isEqualTo("invalid_batch_settlement_evm_insufficient_balance");
  }

  @Test
  void aDepositBelowTheMinimumIsRefusedBeforeAnybodyIsAsked() {
    gateway.hub.deposits =
        _ -> {
          throw new IllegalStateException("asked");
        };

    var answer = gateway.paid(route, payer.deposit(PRICE, PRICE, 9_999));

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(required(answer).error())
        .isEqualTo("invalid_batch_settlement_evm_deposit_below_min_deposit");
  }

  @Test
  void aRefundIsAcknowledged() {
    gateway.hub.refunds =
        _ ->
            new RefundOutcome.Confirmed(
                new RefundId("re_" + "0".repeat(26)),
                Bytes32.of("0x" + "8".repeat(64)),
                Amount.of(500),
                gateway.hub.view(payer.channelId()));

    var answer = gateway.paid(route, payer.refund(PRICE, 0));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("message").stringValue()).isEqualTo("Refund acknowledged");
    assertThat(json(answer).get("channelId").stringValue()).isEqualTo(payer.channelId().toString());
    assertThat(receipt(answer).amount()).contains(Amount.of(500));
    assertThat(receipt(answer).chargedAmount()).isEmpty();
    assertThat(gateway.upstream.requests).isEmpty();
  }
}
