package millrace.gateway.balance;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.gateway.balance.Trust.Shares;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.merchant.Merchants.Paid;
import millrace.gateway.merchant.Operator;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Wanted;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How much every merchant trusts this hub with, for whoever runs it.
@RestController
@Tag(name = "admin")
class AdminBalanceController {
  private final Merchants merchants;
  private final Trust trust;
  private final Denomination denomination;

  AdminBalanceController(Merchants merchants, Trust trust, Denomination denomination) {
    this.merchants = merchants;
    this.trust = trust;
    this.denomination = denomination;
  }

  @GetMapping("/v1/admin/balances")
  @Operation(
      operationId = "listMerchantBalances",
      summary = "List what merchants have earned, newest merchant first",
      description =
          "Needs the operator key. Merchants with one payout address share all three amounts.")
  Page<MerchantBalanceBody> list(
      Operator operator,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Nullable String payee) {
    var request = PageRequest.of("mer_", limit, startingAfter);
    var page = Page.of(merchants.paid(Wanted.address("payee", payee), request), request);
    var shares = trust.of(page.data().stream().map(Paid::payee).collect(Collectors.toSet()));
    return page.map(merchant -> body(merchant, shares));
  }

  private MerchantBalanceBody body(Paid merchant, Map<Address, Shares> all) {
    var shares = Optional.ofNullable(all.get(merchant.payee())).orElseThrow();
    return new MerchantBalanceBody(
        "merchant_balance",
        denomination.live(),
        merchant.id().value(),
        merchant.name(),
        merchant.payee(),
        denomination.asset(),
        denomination.decimals(),
        shares.pending(),
        shares.promised(),
        shares.credited());
  }

  @Schema(name = "MerchantBalance")
  record MerchantBalanceBody(
      @Schema(example = "merchant_balance") String object,
      boolean livemode,
      String merchant,
      String name,
      @Schema(implementation = String.class) Address payee,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(implementation = String.class, description = "Accepted and not promised yet")
          Amount pending,
      @Schema(implementation = String.class, description = "Promised, and not credited yet")
          Amount promised,
      @Schema(implementation = String.class, description = "Credited by the vault, ever")
          Amount credited) {}
}
