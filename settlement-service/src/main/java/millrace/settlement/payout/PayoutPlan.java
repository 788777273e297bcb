package millrace.settlement.payout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import millrace.chain.contract.PromisedTotal;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.payout.Promises.Standing;

/// What can be promised and credited now.
///
/// @param promises of payouts that waited, each with the total of its payee's payouts after it
/// @param credits the totals to be sent, one per payee
/// @param shortfall what is missing for those payouts that have to wait for money
record PayoutPlan(List<Promise> promises, List<PromisedTotal> credits, Amount shortfall) {
  /// @param more by how much the payee's promise has to grow for it
  record Promise(Request request, Amount cumulative, Amount more) {}

  /// A payout as far as planning goes.
  record Request(String id, Address payee, Amount amount) {}

  /// @param accounts of all payees concerned, in a final block
  /// @param standings what payees were promised so far, and how much of it payouts asked for
  /// @param available final money of the vault that no promise has taken
  /// @param newPayeesLeft what payees announced only lately may get today, all together
  record Situation(
      Map<Address, PayeeAccount> accounts,
      Map<Address, Standing> standings,
      Amount available,
      Amount newPayeesLeft,
      long nowSeconds,
      int maxPayees) {}

  static PayoutPlan of(List<Request> waiting, Situation situation) {
    return new Planning(situation).plan(waiting);
  }

  /// The state while going through the requests in the order of their arrival.
  private static final class Planning {
    private final Situation situation;
    private final Map<Address, Amount> requested = new HashMap<>();
    private final Map<Address, Amount> promised = new HashMap<>();
    private final Set<Address> credited = new LinkedHashSet<>();
    private final List<Promise> promises = new ArrayList<>();
    private Amount available;
    private Amount newPayeesLeft;
    private Amount shortfall = Amount.ZERO;

    Planning(Situation situation) {
      this.situation = situation;
      this.available = situation.available();
      this.newPayeesLeft = situation.newPayeesLeft();
      situation.accounts().forEach(this::begin);
    }

    /// Whose earlier payouts are not all credited comes first.
    private void begin(Address payee, PayeeAccount account) {
      var standing = situation.standings().getOrDefault(payee, Standing.NONE);
      requested.put(payee, standing.requested());
      promised.put(payee, standing.promised().max(account.credited()));
      var open = standing.requested().minusOrZero(account.credited());
      if (open.isZero() || !account.announced()) return;
      // What no batch can say is promised all the same, and the merchant redeems it.
      var total = new PromisedTotal(payee, standing.requested());
      if (hasRoom(payee) && total.canBeCredited(account.credited())) credited.add(payee);
      if (isNew(account)) newPayeesLeft = newPayeesLeft.minusOrZero(open);
    }

    PayoutPlan plan(List<Request> waiting) {
      for (var request : waiting) consider(request);
      var credits =
          credited.stream().map(payee -> new PromisedTotal(payee, of(requested, payee))).toList();
      return new PayoutPlan(promises, credits, shortfall);
    }

    /// What is credited already, because the payee redeemed its promise or asked for nothing for
    /// long, counts for the payouts that it asks for afterwards: they need no money, only to be
    /// sent.
    private void consider(Request request) {
      var payee = request.payee();
      var account = situation.accounts().get(payee);
      if (account == null || !account.announced() || !hasRoom(payee)) return;
      var total = of(requested, payee).plus(request.amount());
      var uncredited = total.minusOrZero(account.credited()).min(request.amount());
      if (isNew(account) && uncredited.exceeds(newPayeesLeft)) return;
      var more = total.minusOrZero(of(promised, payee));
      if (more.exceeds(available)) {
        shortfall = shortfall.plus(more.minus(available));
        available = Amount.ZERO; // Who came first is not overtaken by smaller wishes.
        return;
      }
      available = available.minus(more);
      if (isNew(account)) newPayeesLeft = newPayeesLeft.minus(uncredited);
      requested.put(payee, total);
      promised.merge(payee, more, Amount::plus);
      if (total.exceeds(account.paid())) credited.add(payee);
      promises.add(new Promise(request, total, more));
    }

    private static Amount of(Map<Address, Amount> amounts, Address payee) {
      return amounts.getOrDefault(payee, Amount.ZERO);
    }

    private boolean hasRoom(Address payee) {
      return credited.contains(payee) || credited.size() < situation.maxPayees();
    }

    private boolean isNew(PayeeAccount account) {
      return account.activeFromSeconds() > situation.nowSeconds();
    }
  }
}
