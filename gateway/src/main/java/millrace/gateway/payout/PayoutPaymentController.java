package millrace.gateway.payout;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Wanted;
import millrace.gateway.payment.CoveredPayment;
import millrace.gateway.payment.PaymentLog;
import millrace.gateway.payment.PaymentLog.Covering;
import millrace.gateway.problem.Problem;
import millrace.messaging.command.PayoutPlace;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PayoutId;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Which payments a payout has paid out. A payout is a sum and not a list, so there is a rule:
/// payouts use payments up in the order in which these were begun.
@RestController
@Tag(name = "payouts")
class PayoutPaymentController {
  private final Hub hub;
  private final PaymentLog payments;
  private final Denomination denomination;

  PayoutPaymentController(Hub hub, PaymentLog payments, Denomination denomination) {
    this.hub = hub;
    this.payments = payments;
    this.denomination = denomination;
  }

  @GetMapping("/v1/payouts/{id}/payments")
  @Operation(
      operationId = "listPayoutPayments",
      summary = "List the payments that a payout paid out, newest first",
      description =
          "Payments are used up by payouts in the order of their ids; the first and the last one of"
              + " a payout may be covered in part, and their rest by its neighbours. The parts add"
              + " up to the payout. A failed payout has none, and those after it move up.")
  Page<PayoutPaymentBody> list(
      @Scoped(Scope.PAYOUTS_READ) Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(required = false) @Nullable String payer) {
    var page = PageRequest.of("pay_", limit, startingAfter);
    var wantedChannel = Wanted.channel("channel", channel);
    var wantedPayer = Wanted.address("payer", payer);
    var place =
        place(id)
            .filter(found -> found.merchantId().equals(caller.merchant()))
            .orElseThrow(() -> Problem.notFound("payout").asException());
    var covered =
        payments.covered(
            caller.merchant(),
            new Covering(place.before(), place.amount(), wantedChannel, wantedPayer),
            page);
    return Page.of(covered, page).map(one -> PayoutPaymentBody.of(one, denomination));
  }

  private Optional<PayoutPlace> place(String id) {
    try {
      return hub.place(new PayoutId(id));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  @Schema(name = "PayoutPayment")
  record PayoutPaymentBody(
      String id,
      @Schema(example = "payout_payment") String object,
      boolean livemode,
      @Schema(implementation = String.class) Amount amount,
      @Schema(implementation = String.class, description = "Of it, by this payout") Amount covered,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(implementation = String.class) ChannelId channel,
      @Schema(implementation = String.class) Address payer,
      String resource,
      @JsonProperty("created_at") Instant createdAt) {
    static PayoutPaymentBody of(CoveredPayment payment, Denomination in) {
      return new PayoutPaymentBody(
          payment.id().value(),
          "payout_payment",
          in.live(),
          payment.amount(),
          payment.covered(),
          in.asset(),
          in.decimals(),
          payment.channel(),
          payment.payer(),
          payment.resource(),
          payment.createdAt());
    }
  }
}
