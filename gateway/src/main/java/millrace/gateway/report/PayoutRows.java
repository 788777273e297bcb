package millrace.gateway.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.page.Period;
import millrace.messaging.command.PayoutView;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/// The payouts of a merchant, newest first, from channel-service, which has them.
@Repository
class PayoutRows {
  private static final int PORTION = 200;

  /// An id is made by a gateway, the time by channel-service, on a clock of its own.
  private static final Duration CLOCKS = Duration.ofHours(1);

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
    private final Period period;
    private final String first;
    private String before;

    Cursor(MerchantId merchant, Period period) {
      this.merchant = merchant;
      this.period = period;
      this.first = period.widened(CLOCKS).fromId("po_");
      this.before = period.widened(CLOCKS).toId("po_");
    }

    @Override
    public List<PayoutRow> next() {
      var rows = new ArrayList<PayoutRow>();
      boolean more = true;
      while (rows.isEmpty() && more) {
        var found = hub.payouts(merchant, PORTION, Optional.of(new PayoutId(before)));
        for (var payout : found) {
          if (period.contains(payout.createdAt())) rows.add(row(payout));
        }
        more = !found.isEmpty() && found.getLast().id().value().compareTo(first) >= 0;
        if (!found.isEmpty()) before = found.getLast().id().value();
      }
      return rows;
    }
  }

  private PayoutRow row(PayoutView payout) {
    return new PayoutRow(
        payout.id().value(),
        payout.createdAt().toString(),
        payout.status().name().toLowerCase(Locale.ROOT),
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
