package millrace.gateway.report;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.protocol.type.Address;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What a merchant's bookkeeper asks for every month.
@RestController
@Tag(name = "reports")
class StatementController {
  private static final YearMonth FIRST = YearMonth.of(1970, 1);

  private final Statements statements;
  private final Exports exports;
  private final Denomination denomination;
  private final Clock clock;

  StatementController(
      Statements statements, Exports exports, Denomination denomination, Clock clock) {
    this.statements = statements;
    this.exports = exports;
    this.denomination = denomination;
    this.clock = clock;
  }

  @GetMapping("/v1/reports/statement")
  @Operation(
      operationId = "getStatement",
      summary = "Show the statement of a month",
      description =
          "Months are of UTC. opening and the nets add up to closing, which is the next month's"
              + " opening. A payment counts when it was charged, one that was held when it was"
              + " captured. The month that has not ended is shown as far as it is.")
  @ApiResponse(
      responseCode = "200",
      description = "The statement, with format csv as a table",
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = StatementBody.class)),
        @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
      })
  @Problems(ProblemCode.TOO_MANY_REQUESTS)
  ResponseEntity<Object> get(
      @Scoped(Scope.BALANCE_READ) Caller caller,
      @RequestParam @Schema(example = "2026-11") String month,
      @RequestParam(required = false) @Schema(allowableValues = {"json", "csv"})
          @Nullable String format) {
    if (format != null && !List.of("json", "csv").contains(format)) {
      throw wrong("format", "is json or csv");
    }
    var of = month(month);
    var statement = exports.one(caller, () -> statements.of(caller.merchant(), of));
    if (!"csv".equals(format)) {
      return ResponseEntity.ok()
          .contentType(MediaType.APPLICATION_JSON)
          .body(StatementBody.of(statement, denomination));
    }
    return ResponseEntity.ok()
        .contentType(MediaType.valueOf("text/csv;charset=UTF-8"))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"statement-" + statement.month() + ".csv\"")
        .body(csv(statement));
  }

  private YearMonth month(String text) {
    YearMonth month;
    try {
      month = YearMonth.parse(text);
    } catch (DateTimeException notOne) {
      throw wrong("month", "is a year and a month, as in 2026-11");
    }
    if (month.isBefore(FIRST) || month.isAfter(YearMonth.now(clock.withZone(ZoneOffset.UTC)))) {
      throw wrong("month", "must have begun, and not before 1970");
    }
    return month;
  }

  private static String csv(Statement statement) {
    var rows = new StringBuilder("type,count,amount,fee,net\n");
    rows.append("opening,,,,").append(statement.opening()).append('\n');
    for (var line : statement.lines()) {
      rows.append(line.type()).append(',').append(line.count()).append(',');
      rows.append(line.amount()).append(',').append(line.fee()).append(',');
      rows.append(line.net()).append('\n');
    }
    return rows.append("closing,,,,").append(statement.closing()).append('\n').toString();
  }

  private static RuntimeException wrong(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " " + why + ".")
        .about(field)
        .asException();
  }

  @Schema(name = "Statement")
  record StatementBody(
      @Schema(example = "statement") String object,
      boolean livemode,
      @Schema(example = "2026-11") String month,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(example = "1000") String opening,
      List<LineBody> lines,
      @Schema(example = "1975") String closing) {
    static StatementBody of(Statement statement, Denomination in) {
      return new StatementBody(
          "statement",
          in.live(),
          statement.month().toString(),
          in.asset(),
          in.decimals(),
          statement.opening().toString(),
          statement.lines().stream().map(LineBody::of).toList(),
          statement.closing().toString());
    }
  }

  @Schema(name = "StatementLine", description = "Everything of one type in the month")
  record LineBody(
      @Schema(example = "payment", description = "As of balance transactions") String type,
      @Schema(example = "1") long count,
      @Schema(example = "1000", description = "Before fees; below zero where the balance fell")
          String amount,
      @Schema(example = "25") String fee,
      @Schema(example = "975") String net) {
    static LineBody of(Statement.Line line) {
      return new LineBody(
          line.type(),
          line.count(),
          line.amount().toString(),
          line.fee().toString(),
          line.net().toString());
    }
  }
}
