package millrace.gateway.balance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.balance.BalanceTransaction.Kind;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Address;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Why a merchant's balance is what it is.
@RestController
@Tag(name = "balance")
class BalanceTransactionController {
  private static final Pattern ID = Pattern.compile("txn_[0-9a-z]{26}");
  private static final Pattern SOURCE = Pattern.compile("[a-z]{2,4}_[0-9a-z]{26}");

  private final BalanceLog log;
  private final Denomination denomination;

  BalanceTransactionController(BalanceLog log, Denomination denomination) {
    this.log = log;
    this.denomination = denomination;
  }

  @GetMapping("/v1/balance_transactions")
  @Operation(
      operationId = "listBalanceTransactions",
      summary = "List what moved the balance, newest first",
      description =
          "The nets of all of them add up to what is available. An entry appears a moment after it"
              + " happened. Payments are listed where they began, so a hold appears among the"
              + " entries of when it was placed, once it is captured.")
  Page<BalanceTransactionBody> list(
      @Scoped(Scope.BALANCE_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false)
          @Schema(
              allowableValues = {
                "payment",
                "refund",
                "refund_failure",
                "payout",
                "payout_failure",
                "payout_cancel"
              })
          @Nullable String type,
      @RequestParam(required = false) @Schema(description = "The id of a payment, refund or payout")
          @Nullable String source,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of(BalanceTransaction.PREFIX, limit, startingAfter);
    var filter = new BalanceLog.Filter(type(type), source(source), Period.of(from, to));
    return Page.of(log.list(caller.merchant(), filter, page), page)
        .map(one -> BalanceTransactionBody.of(one, denomination));
  }

  @GetMapping("/v1/balance_transactions/{id}")
  @Operation(operationId = "getBalanceTransaction", summary = "Show what moved the balance once")
  BalanceTransactionBody get(@Scoped(Scope.BALANCE_READ) Caller caller, @PathVariable String id) {
    return Optional.of(id)
        .filter(text -> ID.matcher(text).matches())
        .flatMap(text -> log.find(caller.merchant(), text))
        .map(one -> BalanceTransactionBody.of(one, denomination))
        .orElseThrow(() -> Problem.notFound("balance transaction").asException());
  }

  private static Optional<Kind> type(@Nullable String text) {
    if (text == null) return Optional.empty();
    var type = Kind.ofWire(text);
    if (type.isPresent()) return type;
    throw Problem.of(ProblemCode.INVALID_REQUEST, "There is no such type.")
        .about("type")
        .asException();
  }

  private static Optional<String> source(@Nullable String text) {
    if (text == null || SOURCE.matcher(text).matches()) return Optional.ofNullable(text);
    throw Problem.of(
            ProblemCode.INVALID_REQUEST, "source is the id of a payment, refund or payout.")
        .about("source")
        .asException();
  }

  @Schema(name = "BalanceTransaction", description = "One change of the balance")
  record BalanceTransactionBody(
      String id,
      @Schema(example = "balance_transaction") String object,
      boolean livemode,
      @Schema(
              allowableValues = {
                "payment",
                "refund",
                "refund_failure",
                "payout",
                "payout_failure",
                "payout_cancel"
              })
          String type,
      @Schema(
              example = "1000",
              description = "In base units, before the fee; below zero where the balance fell")
          String amount,
      @Schema(example = "25", description = "What the hub keeps of it") String fee,
      @Schema(example = "975", description = "amount less fee: by how much the balance moved")
          String net,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(description = "The payment, refund or payout that it comes of") String source,
      @Schema(description = "The source's; note it there") Metadata metadata,
      @JsonProperty("created_at") Instant createdAt) {
    static BalanceTransactionBody of(BalanceTransaction one, Denomination in) {
      return new BalanceTransactionBody(
          one.id(),
          "balance_transaction",
          in.live(),
          one.type().wire(),
          one.amount().toString(),
          one.fee().toString(),
          one.net().toString(),
          one.token(),
          in.decimals(),
          one.source(),
          one.metadata(),
          one.createdAt());
    }
  }
}
