package millrace.gateway.report;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Period;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.gateway.report.BalanceRows.BalanceRow;
import millrace.gateway.report.PaymentRows.PaymentRow;
import millrace.gateway.report.PayoutRows.PayoutRow;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// A merchant takes what it has along, as files of any length.
@RestController
@Tag(name = "reports")
class ReportController {
  private static final String CSV = "text/csv";
  private static final String LINES = "application/x-ndjson";
  private static final String DESCRIPTION =
      "Newest first, as the list is, and as long as it has to be. An answer that was cut off has"
          + " no end of its last chunk: ask again.";

  private final Exports exports;
  private final PaymentRows payments;
  private final PayoutRows payouts;
  private final BalanceRows balances;

  ReportController(
      Exports exports, PaymentRows payments, PayoutRows payouts, BalanceRows balances) {
    this.exports = exports;
    this.payments = payments;
    this.payouts = payouts;
    this.balances = balances;
  }

  @GetMapping("/v1/reports/payments")
  @Operation(
      operationId = "exportPayments",
      summary = "Export the payments of a period",
      description = DESCRIPTION)
  @ApiResponse(
      responseCode = "200",
      description = "One payment on each line",
      content = {
        @Content(mediaType = CSV, schema = @Schema(type = "string")),
        @Content(mediaType = LINES, schema = @Schema(implementation = PaymentRow.class))
      })
  @Problems(ProblemCode.TOO_MANY_REQUESTS)
  void payments(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Schema(allowableValues = {"csv", "jsonl"})
          @Nullable String format,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to,
      @Parameter(hidden = true) HttpServletResponse response) {
    var rows = payments.of(caller.merchant(), Period.of(from, to));
    exports.write(caller, response, "payments", Format.of(format), PaymentRow.class, rows);
  }

  @GetMapping("/v1/reports/payouts")
  @Operation(
      operationId = "exportPayouts",
      summary = "Export the payouts of a period",
      description = DESCRIPTION)
  @ApiResponse(
      responseCode = "200",
      description = "One payout on each line",
      content = {
        @Content(mediaType = CSV, schema = @Schema(type = "string")),
        @Content(mediaType = LINES, schema = @Schema(implementation = PayoutRow.class))
      })
  void payouts(
      @Scoped(Scope.PAYOUTS_READ) Caller caller,
      @RequestParam(required = false) @Schema(allowableValues = {"csv", "jsonl"})
          @Nullable String format,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to,
      @Parameter(hidden = true) HttpServletResponse response) {
    var rows = payouts.of(caller.merchant(), Period.of(from, to));
    exports.write(caller, response, "payouts", Format.of(format), PayoutRow.class, rows);
  }

  @GetMapping("/v1/reports/balance_transactions")
  @Operation(
      operationId = "exportBalanceTransactions",
      summary = "Export what moved the balance in a period",
      description = DESCRIPTION)
  @ApiResponse(
      responseCode = "200",
      description = "One balance transaction on each line",
      content = {
        @Content(mediaType = CSV, schema = @Schema(type = "string")),
        @Content(mediaType = LINES, schema = @Schema(implementation = BalanceRow.class))
      })
  @Problems(ProblemCode.TOO_MANY_REQUESTS)
  void balanceTransactions(
      @Scoped(Scope.BALANCE_READ) Caller caller,
      @RequestParam(required = false) @Schema(allowableValues = {"csv", "jsonl"})
          @Nullable String format,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to,
      @Parameter(hidden = true) HttpServletResponse response) {
    var rows = balances.of(caller.merchant(), Period.of(from, to));
    var name = "balance_transactions";
    exports.write(caller, response, name, Format.of(format), BalanceRow.class, rows);
  }
}
