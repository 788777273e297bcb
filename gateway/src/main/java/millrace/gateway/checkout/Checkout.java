package millrace.gateway.checkout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import millrace.gateway.checkout.Attempt.Denied;
import millrace.gateway.checkout.Attempt.Done;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubException;
import millrace.gateway.hub.Reply;
import millrace.gateway.id.Ids;
import millrace.gateway.offer.Offer;
import millrace.gateway.offer.Offers;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentPayload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes voucher payments: charged at once, or reserved while a resource is made and captured when
/// it is there.
public final class Checkout {
  private static final Logger LOG = LoggerFactory.getLogger(Checkout.class);

  /// Only a reservation that ended while its answer was lost makes a second try necessary.
  private static final int MAX_ATTEMPTS = 3;

  private final Offers offers;
  private final Hub hub;
  private final Ids ids;
  private final CheckoutSettings settings;

  public Checkout(Offers offers, Hub hub, Ids ids, CheckoutSettings settings) {
    this.offers = offers;
    this.hub = hub;
    this.ids = ids;
    this.settings = settings;
  }

  public Receipts receipts() {
    return new Receipts(offers.network());
  }

  public Attempt<PaymentPayload> read(Parsed<PaymentPayload> parsed, Offer offer) {
    return switch (parsed) {
      case Parsed.Malformed<PaymentPayload>(var error, var detail) -> {
        LOG.debug("malformed payment: {}", detail);
        yield new Denied<>(Denial.because(error));
      }
      case Parsed.Ok<PaymentPayload>(var payment) ->
          offers
              .objection(payment, offer)
              .<Attempt<PaymentPayload>>map(error -> new Denied<>(Denial.because(error)))
              .orElseGet(() -> new Done<>(payment));
    };
  }

  public Attempt<Taken> charge(Purchase purchase) {
    return charged(untilFree(command(purchase)));
  }

  /// Charges what its merchant may capture until then.
  public Attempt<Taken> hold(Purchase purchase, Instant captureBefore) {
    var command = new PaymentCommand.Hold(request(purchase), captureBefore);
    return charged(untilFree(command));
  }

  /// Those that came together, in their order. What [#charge(Purchase)] would have ended in a
  /// [HubException] is denied here, so that it spoils no other.
  public List<Attempt<Taken>> charge(List<Purchase> purchases) {
    var commands = purchases.stream().map(this::command).toList();
    return ChargeRun.of(hub, commands, settings.busyWait()).stream()
        .map(Checkout::charged)
        .toList();
  }

  private PaymentCommand.Charge command(Purchase purchase) {
    return new PaymentCommand.Charge(request(purchase));
  }

  private PaymentRequest request(Purchase purchase) {
    return purchase.request(purchase.id().orElseGet(this::newId));
  }

  private static Attempt<Taken> charged(Reply reply) {
    return switch (reply) {
      case Reply.Answered(var outcome) -> charged(outcome);
      case Reply.Unanswered(var why) -> new Denied<>(new Denial.Prevented(why.problem()));
    };
  }

  private static Attempt<Taken> charged(PaymentOutcome outcome) {
    return switch (outcome) {
      case Taken taken when taken.status() == PaymentStatus.CHARGED -> new Done<>(taken);
      case Taken taken when taken.status() == PaymentStatus.HELD -> new Done<>(taken);
      case Taken _ -> new Denied<>(Denial.inFlight());
      case Refused refused -> denied(refused);
    };
  }

  /// A reservation that ended without a charge is no outcome: its key is free for another try.
  public Attempt<Reservation> reserve(Purchase purchase, Instant expiresAt) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      var id = newId();
      var command = new PaymentCommand.Reserve(purchase.request(id), expiresAt);
      switch (untilFree(command)) {
        case Refused refused -> {
          return denied(refused);
        }
        case Taken taken -> {
          switch (taken.status()) {
            case CHARGED -> {
              return new Done<>(new Reservation.Served(taken));
            }
            case RESERVED -> {
              return taken.id().equals(id)
                  ? new Done<>(new Reservation.Held(id))
                  : new Denied<>(Denial.inFlight());
            }
            case HELD, CANCELED -> {
              // The key names another kind of payment, which has another fingerprint.
              throw new IllegalStateException(taken.id() + " is a hold");
            }
            case RELEASED, EXPIRED -> LOG.debug("{} ended uncharged, trying again", taken.id());
          }
        }
      }
    }
    return new Denied<>(Denial.prevented(ProblemCode.UNAVAILABLE, "Try again.", 1));
  }

  /// Charges a reservation. Ends in a [HubException] when it is not known whether it did.
  ///
  /// @param amount at most the price
  public Attempt<Taken> capture(PaymentId id, ChannelId channel, Amount amount) {
    var command = new PaymentCommand.Capture(id, channel, amount);
    return switch (persistently(command)) {
      case Taken taken when taken.status() == PaymentStatus.CHARGED -> new Done<>(taken);
      case Taken _ -> expired();
      case Refused refused when refused.reason() == RefusalReason.NO_RESERVATION -> expired();
      case Refused refused -> denied(refused);
    };
  }

  /// When the hub does not answer, the reservation ends by itself.
  public void release(PaymentId id, ChannelId channel) {
    try {
      if (hub.send(new PaymentCommand.Release(id, channel)) instanceof Refused refused) {
        LOG.warn("{} could not be released: {}", id, refused.reason());
      }
    } catch (HubException unanswered) {
      LOG.warn("{} is left to expire: {}", id, unanswered.getMessage());
    }
  }

  /// Waits for another payment of the channel to end, or for the tower, for a bounded time.
  private PaymentOutcome untilFree(PaymentCommand command) {
    var patience = Patience.of(settings.busyWait());
    while (true) {
      var outcome = hub.send(command);
      if (!isBusy(outcome) || !patience.pause()) return outcome;
    }
  }

  /// Whether the same may be accepted a moment later.
  static boolean isBusy(PaymentOutcome outcome) {
    return outcome instanceof Refused refused
        && switch (refused.reason()) {
          case BUSY, IN_FLIGHT, TOWER_BEHIND -> true;
          default -> false;
        };
  }

  private PaymentOutcome persistently(PaymentCommand command) {
    var patience = Patience.of(settings.captureWait());
    boolean inDoubt = false;
    while (true) {
      try {
        return hub.send(command);
      } catch (HubException unanswered) {
        inDoubt |= !unanswered.outcomeKnown();
        if (!patience.pause()) throw inDoubt ? HubException.inDoubt() : unanswered;
      }
    }
  }

  private PaymentId newId() {
    return new PaymentId(ids.next("pay_"));
  }

  private static <T> Attempt<T> denied(Refused refused) {
    return new Denied<>(Denial.because(refused.reason(), refused.channel(), refused.newest()));
  }

  private static <T> Attempt<T> expired() {
    return new Denied<>(
        new Denial.Prevented(
            Problem.of(ProblemCode.RESERVATION_EXPIRED, "Nothing was charged; try again.")
                .retryAfter(Duration.ofSeconds(1))));
  }
}
