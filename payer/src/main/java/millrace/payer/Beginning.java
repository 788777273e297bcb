package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Optional;
import millrace.payer.Http.Answer;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;

/// Finds out where a channel stands of which nothing is remembered: it may be new, or its memory
/// may be lost. To ask costs nothing: the question is a voucher for what is claimed already.
final class Beginning {
  private final Settings settings;
  private final HttpRequest request;
  private final PaymentRequired required;
  private final PaymentRequirements offer;

  Beginning(
      Settings settings, HttpRequest request, PaymentRequired required, PaymentRequirements offer) {
    this.settings = settings;
    this.request = request;
    this.required = required;
    this.offer = offer;
  }

  @CheckReturnValue
  sealed interface Result {
    record Known(PayerChannel channel) implements Result {}

    record Doubted(String why) implements Result {}

    /// The question was answered as if it had been a payment, or not understood.
    record Answered(Answer answer) implements Result {}
  }

  Result remembered() throws IOException, InterruptedException {
    var config = settings.keys().channelFor(offer, settings.salt());
    var stored = settings.store().load(settings.channelId(offer.network(), config));
    return stored.isPresent() ? new Result.Known(refreshed(stored.get())) : asked();
  }

  /// An authorisation that expired unanswered has landed or never will; the chain knows.
  private PayerChannel refreshed(PayerChannel channel) throws IOException {
    if (settings.chain().isEmpty() || !channel.depositExpired(settings.clock().instant())) {
      return channel;
    }
    var onChain = settings.chain().get().read(channel.id());
    var seen = channel.seenOnChain(onChain).withoutDeposit();
    settings.store().save(seen);
    return seen;
  }

  Result asked() throws IOException, InterruptedException {
    var config = settings.keys().channelFor(offer, settings.salt());
    var id = settings.channelId(offer.network(), config);
    Optional<PayerChain.OnChain> onChain = Optional.empty();
    if (settings.chain().isPresent()) onChain = Optional.of(settings.chain().get().read(id));
    var claimed = onChain.map(PayerChain.OnChain::claimed).orElse(Amount.ZERO);
    var balance = onChain.map(PayerChain.OnChain::balance).orElse(Amount.ZERO);
    var channel =
        PayerChannel.unknown(id, offer.network(), config, claimed, balance)
            .withdrawn(onChain.flatMap(PayerChain.OnChain::withdrawal).isPresent());
    if (onChain.filter(PayerChain.OnChain::isUnused).isPresent()) return known(channel);

    var answer = settings.http().send(question(channel));
    if (answer.status() != Answer.PAYMENT_REQUIRED || Correction.required(answer).isEmpty()) {
      return new Result.Answered(answer);
    }
    var correction = Correction.in(answer, offer, channel, settings.keys());
    if (correction.isEmpty()) return known(channel);
    return switch (channel.corrected(
        channel, correction.get().told(), correction.get().proven(), onChain)) {
      case Judgement.Doubted(var why) -> new Result.Doubted(why);
      case Judgement.Believed(var found) -> known(found);
    };
  }

  private HttpRequest question(PayerChannel channel) {
    var voucher = settings.keys().sign(offer.network(), channel.config(), channel.charged());
    var payload = new ChannelPayload.VoucherPayload(channel.config(), voucher);
    var envelope =
        new PaymentPayload(
            offer,
            payload,
            Optional.of(required.resource()),
            required.extensions().identifiedBy(settings.freshIdentifier()));
    return Requests.paying(request, envelope.toHeader());
  }

  private Result known(PayerChannel channel) {
    settings.store().save(channel);
    return new Result.Known(channel);
  }
}
