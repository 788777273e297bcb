package millrace.gateway.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.page.Choice;
import millrace.gateway.page.Period;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayoutView;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/// The payouts of a merchant, newest first, from channel-service, which has them.
@Repository
class PayoutRows {
  private static final int PORTION = 200;

  private final Hub hub;
  private final int decimals;

  PayoutRows(Hub hub, HubTerms terms) {
    this.hub = hub;
    this.decimals = terms.token().decimals();
  }

  Portions<PayoutRow> of(MerchantId merchant, Period period) {
    return new Cursor(merchant, period);
  }

  private final class Cursor implements Portions<PayoutRow> {
    private final MerchantId merchant;
    private ListQuery query;

    Cursor(MerchantId merchant, Period period) {
      this.merchant = merchant;
      this.query = ListQuery.newest(PORTION).created(period.from(), period.to());
    }

    @Override
    public List<PayoutRow> next() {
      var found = hub.payouts(merchant, query);
      if (!found.isEmpty()) query = query.after(Optional.of(found.getLast().id().value()));
      return found.stream().map(PayoutRows.this::row).toList();
    }
  }

  private PayoutRow row(PayoutView payout) {
    return new PayoutRow(
        payout.id().value(),
        payout.createdAt().toString(),
        Choice.word(payout.status()),
        payout.amount().toString(),
        payout.token().toString(),
        decimals,
        payout.payee().toString(),
        payout.transaction().map(Bytes32::toString).orElse(null));
  }

  @Schema(name = "PayoutRow")
  record PayoutRow(
      String id,
      @JsonProperty("created_at") String createdAt,
      String status,
      String amount,
      String asset,
      int decimals,
      String payee,
      @Nullable String transaction) {}
}
