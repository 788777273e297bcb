package millrace.gateway.balance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import millrace.gateway.balance.Trust.Shares;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Merchants;
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
  private final Merchants merchants;
  private final Trust trust;
  private final HubTerms terms;
  private final Denomination denomination;

  BalanceController(
      Hub hub, Merchants merchants, Trust trust, HubTerms terms, Denomination denomination) {
    this.hub = hub;
    this.merchants = merchants;
    this.trust = trust;
    this.terms = terms;
    this.denomination = denomination;
  }

  @GetMapping("/v1/balance")
  @Operation(
      operationId = "getBalance",
      summary = "Show the balance",
      description =
          "available, in_payout and paid_out add up to all that was earned; so do pending,"
              + " promised and credited, which say whom you trust for it. Merchants with one payout"
              + " address share the latter three.")
  BalanceBody get(@Scoped(Scope.BALANCE_READ) Caller caller) {
    var found = hub.balances(caller.merchant());
    var token = terms.token().address();
    var none = new BalanceView(token, Amount.ZERO, Amount.ZERO, Amount.ZERO);
    var balances = found.isEmpty() ? List.of(none) : found;
    var payee = merchants.payee(caller.merchant());
    var shares = Optional.ofNullable(trust.of(List.of(payee)).get(payee)).orElseThrow();
    return new BalanceBody(
        "balance", denomination.live(), balances.stream().map(view -> body(view, shares)).toList());
  }

  private TokenBalanceBody body(BalanceView view, Shares ofOurs) {
    boolean ours = view.token().equals(terms.token().address());
    var shares = ours ? ofOurs : Shares.NONE;
    return new TokenBalanceBody(
        view.token(),
        ours ? terms.token().symbol() : "",
        ours ? terms.token().decimals() : 0,
        view.available(),
        view.inPayout(),
        view.paidOut(),
        shares.pending(),
        shares.promised(),
        shares.credited());
  }

  @Schema(name = "Balance")
  record BalanceBody(
      @Schema(example = "balance") String object,
      boolean livemode,
      List<TokenBalanceBody> balances) {}

  /// @param symbol empty for a token that this hub no longer takes
  @Schema(name = "TokenBalance")
  record TokenBalanceBody(
      @Schema(implementation = String.class) Address asset,
      String symbol,
      int decimals,
      @Schema(implementation = String.class) Amount available,
      @JsonProperty("in_payout") @Schema(implementation = String.class) Amount inPayout,
      @JsonProperty("paid_out") @Schema(implementation = String.class) Amount paidOut,
      @Schema(
              implementation = String.class,
              description = "Accepted and not promised yet: the hub and its watchtower are trusted")
          Amount pending,
      @Schema(
              implementation = String.class,
              description =
                  "Promised out of claimed money, and not credited yet: redeem getPromise")
          Amount promised,
      @Schema(
              implementation = String.class,
              description = "Credited by the vault, ever: out of everybody else's reach")
          Amount credited) {}
}
