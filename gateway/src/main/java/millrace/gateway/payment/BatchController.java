package millrace.gateway.payment;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import millrace.gateway.admission.Places;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.payment.BatchTaking.Answer;
import millrace.gateway.payment.BatchTaking.Paid;
import millrace.gateway.payment.BatchTaking.Refused;
import millrace.gateway.payment.PaymentBodies.LineResult;
import millrace.gateway.payment.PaymentBodies.PaymentLine;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.gateway.problem.RequestIdFilter;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// Payments by the line, for merchants whose own front collects them.
@RestController
@Tag(name = "payments")
class BatchController {
  private static final String LINES = "application/x-ndjson";
  private static final int RESULT_BYTES = 1_024;

  private final BatchTaking taking;
  private final Places places;
  private final BatchSettings settings;
  private final ObjectWriter json;

  BatchController(BatchTaking taking, BatchSettings settings, JsonMapper json) {
    this.taking = taking;
    this.places = new Places(settings.atOnce(), settings.atOnceOfMerchant());
    this.settings = settings;
    this.json = json.writerFor(LineResult.class);
  }

  /// The place is given back before the answer is written: it may be read as slowly as one likes.
  @PostMapping(path = "/v1/payments/batch", consumes = LINES)
  @Operation(
      operationId = "createPayments",
      summary = "Take many payments that clients sent",
      description =
          "One payment on each line, one result on each line, in the same order. Every line is"
              + " charged or refused for itself, as if it had come alone and after the lines before"
              + " it. Vouchers only: a deposit or refund waits for the chain and is refused here."
              + " Nothing is charged before the whole body has arrived. To repeat a call is safe:"
              + " what was charged is answered as a replay.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = LINES,
                      schema = @Schema(implementation = PaymentLine.class))))
  @ApiResponse(
      responseCode = "200",
      description = "A result for each line, whatever has become of it",
      content = @Content(mediaType = LINES, schema = @Schema(implementation = LineResult.class)))
  @Problems({
    ProblemCode.INVALID_REQUEST,
    ProblemCode.BODY_TOO_SLOW,
    ProblemCode.BODY_TOO_LARGE,
    ProblemCode.UNSUPPORTED_MEDIA_TYPE
  })
  ResponseEntity<byte[]> create(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller, HttpServletRequest request) {
    byte[] results =
        places.in(
            caller.merchant(),
            () -> {
              var body = BatchBody.of(request, settings);
              return written(taking.take(caller.merchant(), body), RequestIdFilter.of(request));
            });
    return ResponseEntity.ok().contentType(MediaType.valueOf(LINES)).body(results);
  }

  private byte[] written(List<Answer> answers, String requestId) {
    var lines = new ByteArrayOutputStream(answers.size() * RESULT_BYTES);
    int number = 0;
    for (var answer : answers) {
      number++;
      var result =
          switch (answer) {
            case Paid(var paid) -> LineResult.of(number, paid.body(), paid.status());
            case Refused(var problem) -> LineResult.of(number, problem, requestId);
          };
      lines.writeBytes(json.writeValueAsBytes(result));
      lines.write('\n');
    }
    return lines.toByteArray();
  }
}
