package millrace.payer;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Optional;
import millrace.payer.Http.Answer;
import millrace.payer.PayerChain.OnChain;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.SettleResponse;

/// One refund, from the offer to the hub's word that the money is back. It signs nothing beyond
/// what is owed already. The caller holds the channel.
final class Refunding {
  private final Settings settings;
  private final HttpRequest request;
  private final PaymentRequired required;
  private final PaymentRequirements offer;
  private final Optional<Amount> amount;

  Refunding(
      Settings settings,
      HttpRequest request,
      PaymentRequired required,
      PaymentRequirements offer,
      Optional<Amount> amount) {
    this.settings = settings;
    this.request = request;
    this.required = required;
    this.offer = offer;
    this.amount = amount;
  }

  RefundResult run() throws IOException, InterruptedException {
    return switch (new Beginning(settings, request, required, offer).remembered()) {
      case Beginning.Result.Answered(var answer) -> new RefundResult.Unconfirmed(answer);
      case Beginning.Result.Doubted(var why) -> new RefundResult.Declined(Objection.BELIED, why);
      case Beginning.Result.Known(var channel) -> attempt(channel, true);
    };
  }

  private RefundResult attempt(PayerChannel channel, boolean first)
      throws IOException, InterruptedException {
    if (channel.available().isZero()) {
      return new RefundResult.Declined(Objection.NOTHING_LEFT, "");
    }
    var answer = settings.http().send(Requests.paying(request, envelope(channel)));
    var settlement = Correction.settlement(answer);
    if (settlement.filter(SettleResponse::success).isPresent()) {
      return refunded(channel, settlement.get());
    }
    if (answer.status() != Answer.PAYMENT_REQUIRED) return new RefundResult.Unconfirmed(answer);
    var correction = Correction.in(answer, offer, channel, settings.keys());
    if (!first || correction.isEmpty()) {
      return new RefundResult.Refused(answer, Correction.error(answer));
    }
    return switch (channel.corrected(
        channel, correction.get().told(), correction.get().proven(), onChain(channel))) {
      case Judgement.Doubted(var why) -> new RefundResult.Declined(Objection.BELIED, why);
      case Judgement.Believed(var corrected) -> {
        settings.store().save(corrected);
        yield attempt(corrected, false);
      }
    };
  }

  private String envelope(PayerChannel channel) {
    var payload = settings.keys().refund(offer, channel.config(), channel.charged(), amount);
    return new PaymentPayload(
            offer,
            payload,
            Optional.of(required.resource()),
            required.extensions().identifiedBy(settings.freshIdentifier()))
        .toHeader();
  }

  /// With a chain its word counts, without one what was asked for, at most what was there.
  private RefundResult refunded(PayerChannel channel, SettleResponse response) throws IOException {
    var expected = amount.orElse(channel.available()).min(channel.available());
    var told = response.amount().orElse(expected).min(expected);
    var after = onChain(channel).map(channel::seenOnChain).orElseGet(() -> channel.refunded(told));
    settings.store().save(after);
    return new RefundResult.Refunded(told, response.transaction(), after);
  }

  private Optional<OnChain> onChain(PayerChannel channel) throws IOException {
    return settings.chain().isPresent()
        ? Optional.of(settings.chain().get().read(channel.id()))
        : Optional.empty();
  }
}
