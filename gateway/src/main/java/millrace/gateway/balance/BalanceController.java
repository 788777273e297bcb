package millrace.gateway.balance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.messaging.command.BalanceView;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What a merchant has earned, by token.
@RestController
@Tag(name = "balance")
class BalanceController {
  private final Hub hub;
  private final HubTerms terms;

  BalanceController(Hub hub, HubTerms terms) {
    this.hub = hub;
    this.terms = terms;
  }

  @GetMapping("/v1/balance")
  @Operation(operationId = "getBalance", summary = "Show the balance")
  BalanceBody get(@Scoped(Scope.BALANCE_READ) Caller caller) {
    var found = hub.balances(caller.merchant());
    var token = terms.token().address();
    var none = new BalanceView(token, Amount.ZERO, Amount.ZERO, Amount.ZERO);
    var balances = found.isEmpty() ? List.of(none) : found;
    return new BalanceBody("balance", balances.stream().map(this::body).toList());
  }

  private TokenBalanceBody body(BalanceView view) {
    boolean ours = view.token().equals(terms.token().address());
    return new TokenBalanceBody(
        view.token(),
        ours ? terms.token().symbol() : "",
        ours ? terms.token().decimals() : 0,
        view.available(),
        view.inPayout(),
        view.paidOut());
  }

  @Schema(name = "Balance")
  record BalanceBody(String object, List<TokenBalanceBody> balances) {}

  /// @param symbol empty for a token that this hub no longer takes
  @Schema(name = "TokenBalance")
  record TokenBalanceBody(
      @Schema(implementation = String.class) Address asset,
      String symbol,
      int decimals,
      @Schema(implementation = String.class) Amount available,
      @JsonProperty("in_payout") @Schema(implementation = String.class) Amount inPayout,
      @JsonProperty("paid_out") @Schema(implementation = String.class) Amount paidOut) {}
}
