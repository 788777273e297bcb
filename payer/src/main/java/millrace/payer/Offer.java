package millrace.payer;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Optional;
import millrace.payer.Http.Answer;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;

/// What a server asks for a request.
@CheckReturnValue
sealed interface Offer {
  record Free(Answer answer) implements Offer {}

  /// The first of the offers that is within the limits.
  record Found(PaymentRequired required, PaymentRequirements offer) implements Offer {}

  record Declined(Objection objection, String detail) implements Offer {}

  static Offer ask(Settings settings, HttpRequest unpaid) throws IOException, InterruptedException {
    var answer = settings.http().send(unpaid);
    if (answer.status() != Answer.PAYMENT_REQUIRED) return new Free(answer);
    var required = Correction.required(answer);
    if (required.isEmpty()) return new Declined(Objection.NO_OFFER, "");
    Optional<Objection> why = Optional.empty();
    for (var offer : required.get().accepts()) {
      var objection = settings.limits().objection(offer);
      if (objection.isEmpty()) return new Found(required.get(), offer);
      if (why.isEmpty()) why = objection;
    }
    return new Declined(why.orElse(Objection.NO_OFFER), prices(required.get()));
  }

  private static String prices(PaymentRequired required) {
    return required.accepts().stream()
        .map(offer -> "%s of %s on %s".formatted(offer.amount(), offer.asset(), offer.network()))
        .reduce((first, second) -> first + ", " + second)
        .map(all -> "asked: " + all)
        .orElse("");
  }
}
