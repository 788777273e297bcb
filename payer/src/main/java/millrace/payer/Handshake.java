package millrace.payer;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Optional;
import millrace.payer.Http.Answer;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.Deposit;
import millrace.protocol.x402.PaymentIdentifier;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.SettleResponse;

/// One paid request, from the offer to the receipt. The caller holds the channel.
final class Handshake {
  private final Settings settings;
  private final HttpRequest request;
  private final PaymentRequired required;
  private final PaymentRequirements offer;
  private final PaymentIdentifier identifier;
  private final Optional<Amount> wished;

  /// @param wished a deposit that shall go with the payment
  Handshake(
      Settings settings,
      HttpRequest request,
      PaymentRequired required,
      PaymentRequirements offer,
      PaymentIdentifier identifier,
      Optional<Amount> wished) {
    this.settings = settings;
    this.request = request;
    this.required = required;
    this.offer = offer;
    this.identifier = identifier;
    this.wished = wished;
  }

  Outcome pay(PayerChannel channel) throws IOException, InterruptedException {
    return attempt(channel, channel.signed().plus(offer.amount()), true);
  }

  /// @param budget the highest ceiling that this request may bring about, lies or not
  private Outcome attempt(PayerChannel before, Amount budget, boolean first)
      throws IOException, InterruptedException {
    if (before.withdrawing()) return new Outcome.Declined(Objection.WITHDRAWING, "");
    var now = settings.clock().instant();
    return switch (Funding.of(before, offer, wished, settings.limits(), now.getEpochSecond())) {
      case Funding.Objected(var objection, var detail) -> new Outcome.Declined(objection, detail);
      case Funding.Enough _ -> send(before, Optional.empty(), budget, first);
      case Funding.Pending(var deposit) -> send(before, Optional.of(deposit), budget, first);
      case Funding.Fresh(var amount) -> send(before, Optional.of(sign(amount)), budget, first);
    };
  }

  private Deposit sign(Amount amount) {
    var channel = settings.keys().channelFor(offer, settings.salt());
    return settings
        .keys()
        .deposit(
            offer, channel, Amount.ZERO, amount, settings.freshSalt(), settings.clock().instant())
        .deposit();
  }

  private Outcome send(PayerChannel before, Optional<Deposit> deposit, Amount budget, boolean first)
      throws IOException, InterruptedException {
    var ceiling = before.ceilingFor(offer.amount());
    if (ceiling.exceeds(budget)) throw new IllegalStateException("would sign above the budget");
    var sent = deposit.map(before::depositing).orElse(before).sending(ceiling);
    settings.store().save(sent);

    var voucher = settings.keys().sign(offer.network(), sent.config(), ceiling);
    ChannelPayload payload =
        deposit.isPresent()
            ? new ChannelPayload.DepositPayload(sent.config(), voucher, deposit.get())
            : new ChannelPayload.VoucherPayload(sent.config(), voucher);
    var paid = Requests.paying(request, envelope(payload));
    for (int resent = 0; ; resent++) {
      try {
        var answer = settings.http().send(paid);
        // After a lost answer the first copy may have been charged.
        return judge(answer, resent == 0 ? before : sent, sent, budget, first);
      } catch (IOException lost) {
        if (resent == settings.resends()) return new Outcome.Unanswered(lost);
        Thread.sleep(settings.pause());
      }
    }
  }

  private String envelope(ChannelPayload payload) {
    return new PaymentPayload(
            offer,
            payload,
            Optional.of(required.resource()),
            required.extensions().identifiedBy(identifier))
        .toHeader();
  }

  private Outcome judge(
      Answer answer, PayerChannel before, PayerChannel sent, Amount budget, boolean first)
      throws IOException, InterruptedException {
    var settlement = Correction.settlement(answer);
    if (settlement.filter(SettleResponse::success).isPresent()) {
      return receipt(answer, settlement.get(), sent);
    }
    if (answer.status() != Answer.PAYMENT_REQUIRED || Correction.required(answer).isEmpty()) {
      boolean served = answer.isSuccess() && answer.headers().map().containsKey("payment-response");
      return served
          ? new Outcome.Disputed(answer, "the receipt cannot be read")
          : new Outcome.Unconfirmed(answer);
    }
    var correction = Correction.in(answer, offer, sent, settings.keys());
    if (first && correction.isPresent()) {
      return correct(answer, correction.get(), before, sent, budget);
    }
    settings.store().save(sent.refusedSince(before));
    return new Outcome.Refused(answer, Correction.error(answer));
  }

  private Outcome correct(
      Answer answer, Correction correction, PayerChannel before, PayerChannel sent, Amount budget)
      throws IOException, InterruptedException {
    var chain = settings.chain();
    var onChain =
        chain.isPresent()
            ? Optional.of(chain.get().read(sent.id()))
            : Optional.<PayerChain.OnChain>empty();
    switch (sent.corrected(before, correction.told(), correction.proven(), onChain)) {
      case Judgement.Doubted(var why) -> {
        settings.store().save(sent.refusedSince(before));
        return new Outcome.Declined(Objection.BELIED, why);
      }
      case Judgement.Believed(var corrected) -> {
        settings.store().save(corrected);
        // A voucher from elsewhere and what the chain recorded are no price of this request.
        var elsewhere = corrected.signed().exceeds(sent.signed());
        var allowed = elsewhere ? corrected.signed().plus(offer.amount()) : budget;
        if (corrected.ceilingFor(offer.amount()).exceeds(allowed)) {
          // It was charged when no answer came; to pay twice is for the caller to decide.
          return new Outcome.Refused(answer, Correction.error(answer));
        }
        return attempt(corrected, allowed, false);
      }
    }
  }

  private Outcome receipt(Answer answer, SettleResponse response, PayerChannel sent) {
    boolean onItsWord = settings.chain().isEmpty();
    return switch (sent.settled(response, offer.amount(), onItsWord)) {
      case Judgement.Doubted(var why) -> new Outcome.Disputed(answer, why);
      case Judgement.Believed(var settled) -> {
        var confirmed = settled.deposit().isPresent() ? onChain(settled) : settled;
        settings.store().save(confirmed);
        yield new Outcome.Paid(answer, receipt(response, sent, confirmed));
      }
    };
  }

  /// Whether the deposit arrived is not for the hub to say while there is a chain to ask. When the
  /// chain does not answer, the deposit stays pending, and what was paid for is still delivered.
  private PayerChannel onChain(PayerChannel settled) {
    if (settings.chain().isEmpty()) return settled;
    try {
      return settled.seenOnChain(settings.chain().get().read(settled.id()));
    } catch (IOException unreachable) {
      return settled;
    }
  }

  private Receipt receipt(SettleResponse response, PayerChannel sent, PayerChannel settled) {
    var charged = response.chargedAmount().orElse(Amount.ZERO);
    return new Receipt(
        settled.id(),
        offer.amount(),
        charged,
        settled.charged(),
        sent.deposit().filter(_ -> settled.deposit().isEmpty()).map(Deposit::amount),
        response.transaction(),
        required.extensions().paymentIdentifier().map(_ -> identifier),
        settled.charged().equals(sent.charged()) && !charged.isZero());
  }
}
