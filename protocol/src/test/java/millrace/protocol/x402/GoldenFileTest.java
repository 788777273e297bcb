package millrace.protocol.x402;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.x402.Wire.NETWORK;
import static millrace.protocol.x402.Wire.OFFER;
import static millrace.protocol.x402.Wire.RESOURCE;
import static millrace.protocol.x402.Wire.STATE;
import static millrace.protocol.x402.Wire.TRANSACTION;
import static millrace.protocol.x402.Wire.ok;
import static millrace.protocol.x402.Wire.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The messages as they stand on the wire. A change here is a change for every client.
class GoldenFileTest {
  private static final Extensions NAMED =
      Extensions.OFFER.identifiedBy(new PaymentIdentifier("order-2030-0001_a"));

  static Stream<Golden<PaymentRequired>> paymentRequired() {
    var plain = PaymentRequired.of(X402Error.PAYMENT_REQUIRED, RESOURCE, OFFER, Extensions.OFFER);
    var corrective =
        PaymentRequired.of(X402Error.CUMULATIVE_AMOUNT_MISMATCH, RESOURCE, OFFER, Extensions.NONE);
    return Stream.of(
        new Golden<>("payment-required", plain),
        new Golden<>(
            "payment-required-corrective",
            corrective.correctedBy(STATE, Optional.of(Wire.voucherState()))),
        new Golden<>(
            "payment-required-corrective-undisclosed",
            corrective.correctedBy(STATE, Optional.empty())));
  }

  static Stream<Golden<PaymentPayload>> payments() {
    var voucher = Wire.voucher();
    return Stream.of(
        new Golden<>("payment-voucher", voucher),
        new Golden<>(
            "payment-voucher-identified",
            new PaymentPayload(voucher.accepted(), voucher.payload(), Optional.empty(), NAMED)),
        new Golden<>("payment-deposit", Wire.deposit()),
        new Golden<>("payment-refund", Wire.refund()));
  }

  static Stream<Golden<SettleResponse>> answers() {
    var alice = ALICE.address();
    return Stream.of(
        new Golden<>("answer-voucher", SettleResponse.charged(NETWORK, alice, STATE, amount(1000))),
        new Golden<>(
            "answer-deposit",
            SettleResponse.deposited(
                NETWORK, alice, TRANSACTION, amount(10_000), STATE, amount(1000))),
        new Golden<>(
            "answer-refund",
            SettleResponse.refunded(NETWORK, alice, TRANSACTION, amount(2000), STATE)),
        new Golden<>(
            "answer-failed",
            SettleResponse.failed(
                NETWORK, Optional.of(alice), X402Error.DEPOSIT_TRANSACTION_FAILED)));
  }

  record Golden<T>(String name, T message) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("paymentRequired")
  void offersToPay(Golden<PaymentRequired> golden) {
    assertThat(tree(golden.message().toJson())).isEqualTo(tree(Wire.file(golden.name())));
    assertThat(ok(PaymentRequired.ofJson(Wire.file(golden.name())))).isEqualTo(golden.message());
    assertThat(ok(PaymentRequired.ofHeader(golden.message().toHeader())))
        .isEqualTo(golden.message());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("payments")
  void payments(Golden<PaymentPayload> golden) {
    assertThat(tree(golden.message().toJson())).isEqualTo(tree(Wire.file(golden.name())));
    assertThat(ok(PaymentPayload.ofJson(Wire.file(golden.name())))).isEqualTo(golden.message());
    assertThat(ok(PaymentPayload.ofHeader(golden.message().toHeader())))
        .isEqualTo(golden.message());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void answers(Golden<SettleResponse> golden) {
    assertThat(tree(golden.message().toJson())).isEqualTo(tree(Wire.file(golden.name())));
    assertThat(ok(SettleResponse.ofJson(Wire.file(golden.name())))).isEqualTo(golden.message());
    assertThat(ok(SettleResponse.ofHeader(golden.message().toHeader())))
        .isEqualTo(golden.message());
  }
}
