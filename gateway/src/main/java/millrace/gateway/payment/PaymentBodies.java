package millrace.gateway.payment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.link.PaymentLink;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.problem.Problem;
import millrace.gateway.route.RouteId;
import millrace.messaging.command.PaymentStatus;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.Resource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the payment endpoints take and give.
final class PaymentBodies {
  private PaymentBodies() {}

  @Schema(name = "Resource")
  record ResourceBody(
      @NotBlank @Size(max = 1_000) @Schema(example = "https://shop.example.com/report/7")
          String url,
      @Size(max = 500) @Nullable String description,
      @JsonProperty("mime_type") @Size(max = 100) @Nullable String mimeType) {
    Resource resource() {
      return new Resource(
          url, description == null ? "" : description, mimeType == null ? "" : mimeType);
    }
  }

  record RequirementsRequest(
      @NotNull @Schema(implementation = String.class, example = "1000") Amount amount,
      @NotNull @Valid ResourceBody resource) {}

  @Schema(name = "PaymentRequirements")
  record RequirementsBody(
      @Schema(example = "payment_requirements") String object,
      @JsonProperty("payment_required")
          @Schema(description = "Relay it as the header PAYMENT-REQUIRED of a 402")
          String paymentRequired,
      boolean livemode,
      @Schema(implementation = String.class) Amount amount,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      String network) {}

  record PaymentRequest(
      @JsonProperty("payment_signature")
          @NotNull
          @Schema(
              description = "What the client sent as PAYMENT-SIGNATURE: its text, or decoded",
              implementation = Object.class)
          JsonNode paymentSignature,
      @NotNull @Schema(implementation = String.class, example = "1000") Amount amount,
      @NotNull @Valid ResourceBody resource,
      @Nullable Metadata metadata,
      @Schema(
              description = "manual: a hold, charged at once and yours when you capture it",
              defaultValue = "automatic")
          @Nullable Capture capture,
      @JsonProperty("capture_before")
          @Schema(description = "Of a hold; a week from now if it is missing or later")
          @Nullable Instant captureBefore) {
    boolean isManual() {
      return capture == Capture.MANUAL;
    }
  }

  enum Capture {
    AUTOMATIC,
    MANUAL;

    @JsonValue
    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Schema(name = "CaptureRequest")
  record CaptureRequest(
      @Schema(
              implementation = String.class,
              example = "600",
              description = "At most what is held; all of it if it is missing")
          @Nullable Amount amount) {}

  @Schema(
      name = "PaymentLine",
      description = "One line of a batch: the body of createPayment, and what would be its header")
  record PaymentLine(
      @JsonProperty("payment_signature")
          @NotNull
          @Schema(
              description = "What the client sent as PAYMENT-SIGNATURE: its text, or decoded",
              implementation = Object.class)
          JsonNode paymentSignature,
      @NotNull @Schema(implementation = String.class, example = "1000") Amount amount,
      @NotNull @Valid ResourceBody resource,
      @Nullable Metadata metadata,
      @JsonProperty("idempotency_key") @Schema(example = "order-4711")
          @Nullable String idempotencyKey) {
    PaymentRequest request() {
      return new PaymentRequest(paymentSignature, amount, resource, metadata, null, null);
    }
  }

  /// @param status and what comes with it, as createPayment would have answered
  @Schema(name = "PaymentLineResult", description = "What became of one line of a batch")
  record LineResult(
      @Schema(description = "Number of the line, from 1") int line,
      @Schema(description = "The status that createPayment would have answered with") int status,
      @Nullable PaymentBody payment,
      @Schema(ref = "Problem") @Nullable Map<String, Object> problem,
      @JsonProperty("retry_after") @Schema(description = "Seconds, where asking again makes sense")
          @Nullable Long retryAfter) {
    static LineResult of(int line, PaymentBody payment, int status) {
      return new LineResult(line, status, payment, null, null);
    }

    static LineResult of(int line, Problem problem, String requestId) {
      var retryAfter = problem.retryAfterSeconds();
      return new LineResult(
          line,
          problem.code().status(),
          null,
          problem.body(requestId),
          retryAfter.isPresent() ? retryAfter.getAsLong() : null);
    }
  }

  @Schema(name = "Payment")
  record PaymentBody(
      String id,
      @Schema(example = "payment") String object,
      boolean livemode,
      @Schema(
              allowableValues = {
                "succeeded",
                "held",
                "canceled",
                "reserved",
                "released",
                "expired"
              })
          String status,
      @Schema(implementation = String.class) Amount amount,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(implementation = String.class) ChannelId channel,
      @Schema(implementation = String.class) @Nullable Address payer,
      String resource,
      @Schema(
              description = "The paywalled route that it was paid at",
              example = "rt_01jd3v9m2e8k4q7w5x0y6z1a2b")
          @Nullable String route,
      @JsonProperty("payment_link")
          @Schema(
              description = "The payment link that it was paid at",
              example = "pl_01jd3v9m2e8k4q7w5x0y6z1a2b")
          @Nullable String paymentLink,
      Metadata metadata,
      @Schema(
              description =
                  "Whether the watchtower holds its voucher; false is exposed, for a moment")
          boolean guarded,
      @JsonProperty("payment_response")
          @Schema(
              description =
                  "Relay it as the header PAYMENT-RESPONSE; only in the answer that took the"
                      + " payment")
          @Nullable String paymentResponse,
      @Schema(description = "Whether the payment had been taken before") @Nullable Boolean replayed,
      @JsonProperty("capture_before") @Schema(description = "Of a payment that is or was held")
          @Nullable Instant captureBefore,
      @JsonProperty("created_at") Instant createdAt) {
    static PaymentBody of(Payment payment, Denomination in) {
      return of(payment, in, Optional.empty(), Optional.empty());
    }

    static PaymentBody of(Payment payment, Denomination in, String receipt, boolean replayed) {
      return of(payment, in, Optional.of(receipt), Optional.of(replayed));
    }

    private static PaymentBody of(
        Payment payment,
        Denomination in,
        Optional<String> paymentResponse,
        Optional<Boolean> replayed) {
      var soldAt = PaymentFilter.soldAt(payment.resource());
      return new PaymentBody(
          payment.id().value(),
          "payment",
          in.live(),
          PaymentBodies.word(payment.status()),
          payment.amount(),
          payment.token(),
          in.decimals(),
          payment.channel(),
          payment.payer().orElse(null),
          payment.resource(),
          soldAt.filter(RouteId::isOne).orElse(null),
          soldAt.filter(PaymentLink::isId).orElse(null),
          payment.metadata(),
          payment.guarded(),
          paymentResponse.orElse(null),
          replayed.orElse(null),
          payment.captureBefore().orElse(null),
          payment.createdAt());
    }
  }

  @Schema(
      name = "ChannelRefund",
      description = "The client asked for its unspent money instead of paying")
  record ChannelRefundBody(
      String id,
      @Schema(example = "channel_refund") String object,
      boolean livemode,
      @Schema(allowableValues = "succeeded") String status,
      @Schema(implementation = String.class) Amount amount,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(implementation = String.class) ChannelId channel,
      @JsonProperty("payment_response") String paymentResponse) {}

  static String word(PaymentStatus status) {
    return status == PaymentStatus.CHARGED ? "succeeded" : status.name().toLowerCase(Locale.ROOT);
  }
}
