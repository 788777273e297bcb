package millrace.gateway.balance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import millrace.gateway.balance.Promises.Standing;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.tenancy.Tenancy;
import millrace.messaging.command.EarnedView;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Service;

/// Whom a merchant has to trust for how much of what it ever earned.
@Service
class Trust {
  private static final int EARNINGS_AT_ONCE = 100;

  private final Hub hub;
  private final Merchants merchants;
  private final Promises promises;
  private final Address token;

  Trust(Hub hub, Merchants merchants, Promises promises, HubTerms terms) {
    this.hub = hub;
    this.merchants = merchants;
    this.promises = promises;
    this.token = terms.token().address();
  }

  /// Earnings of a payout address in three parts; of several merchants with one address together.
  ///
  /// @param pending accepted, and not promised yet
  /// @param promised out of claimed money, and not credited yet
  /// @param credited by the vault
  record Shares(Amount pending, Amount promised, Amount credited) {
    static final Shares NONE = new Shares(Amount.ZERO, Amount.ZERO, Amount.ZERO);
  }

  Map<Address, Shares> of(Collection<Address> payees) {
    // Whom else the caller shares an address with is not the caller's to see, only what they have
    // together.
    var merchantsOf = Tenancy.asService(() -> merchants.paidAt(payees));
    var earned = earned(merchantsOf.values().stream().flatMap(List::stream).toList());
    var standings = promises.standings(payees, token);
    var shares = new HashMap<Address, Shares>();
    for (var payee : payees) {
      var total =
          merchantsOf.getOrDefault(payee, List.of()).stream()
              .map(merchant -> earned.getOrDefault(merchant, Amount.ZERO))
              .reduce(Amount.ZERO, Amount::plus);
      var standing = standings.getOrDefault(payee, Standing.NONE);
      shares.put(
          payee,
          new Shares(
              total.minusOrZero(standing.promised().max(standing.credited())),
              standing.uncredited(),
              standing.credited()));
    }
    return shares;
  }

  private Map<MerchantId, Amount> earned(List<MerchantId> all) {
    var views = new ArrayList<EarnedView>();
    for (int from = 0; from < all.size(); from += EARNINGS_AT_ONCE) {
      var some = all.subList(from, Math.min(all.size(), from + EARNINGS_AT_ONCE));
      views.addAll(hub.earned(some));
    }
    return views.stream().collect(Collectors.toMap(EarnedView::merchantId, EarnedView::total));
  }
}
