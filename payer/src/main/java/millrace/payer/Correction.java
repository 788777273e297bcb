package millrace.payer;

import java.util.Optional;
import millrace.payer.Http.Answer;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.VerifiedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.SettleResponse;

/// What a hub says when it refuses a voucher: where it thinks the channel stands.
///
/// @param proven the ceiling of a voucher it shows that this key did sign
record Correction(ChannelState told, Optional<Amount> proven) {
  static Optional<Correction> in(
      Answer answer, PaymentRequirements offer, PayerChannel channel, PayerKeys keys) {
    return required(answer).stream()
        .flatMap(required -> required.accepts().stream())
        .filter(offer::matches)
        .flatMap(corrected -> of(corrected, channel, keys).stream())
        .findFirst();
  }

  private static Optional<Correction> of(
      PaymentRequirements corrected, PayerChannel channel, PayerKeys keys) {
    var proven =
        corrected
            .extra()
            .voucherState()
            .map(
                shown ->
                    new SignedVoucher(
                        new Voucher(channel.id(), shown.signedMaxClaimable()), shown.signature()))
            .flatMap(
                signed ->
                    keys.deployment()
                        .domain(corrected.network())
                        .verify(signed, channel.config().payerAuthorizer()))
            .map(VerifiedVoucher::ceiling);
    return corrected.extra().channelState().map(told -> new Correction(told, proven));
  }

  static Optional<PaymentRequired> required(Answer answer) {
    return answer
        .headers()
        .firstValue(Headers.PAYMENT_REQUIRED)
        .map(PaymentRequired::ofHeader)
        .flatMap(
            parsed ->
                switch (parsed) {
                  case Parsed.Ok<PaymentRequired>(var required) -> Optional.of(required);
                  case Parsed.Malformed<PaymentRequired> _ -> Optional.empty();
                });
  }

  static Optional<SettleResponse> settlement(Answer answer) {
    return answer
        .headers()
        .firstValue(Headers.PAYMENT_RESPONSE)
        .map(SettleResponse::ofHeader)
        .flatMap(
            parsed ->
                switch (parsed) {
                  case Parsed.Ok<SettleResponse>(var response) -> Optional.of(response);
                  case Parsed.Malformed<SettleResponse> _ -> Optional.empty();
                });
  }

  /// The hub's word for why it refused.
  static String error(Answer answer) {
    return settlement(answer)
        .flatMap(SettleResponse::errorReason)
        .or(() -> required(answer).map(PaymentRequired::error))
        .orElse("no reason given");
  }
}
