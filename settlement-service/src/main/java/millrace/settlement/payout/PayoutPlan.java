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

/// What can be promised and credited now.
///
/// @param promises of payouts that waited, each with its payee's total after it
/// @param credits the totals to be sent, one per payee
/// @param shortfall what is missing for those payouts that have to wait for money
record PayoutPlan(List<Promise> promises, List<PromisedTotal> credits, Amount shortfall) {
  record Promise(Request request, Amount cumulative) {}

  /// A payout as far as planning goes.
  record Request(String id, Address payee, Amount amount) {}

  /// @param accounts of all payees concerned, in a final block
  /// @param promised what payees were promised so far
  /// @param available final money of the vault that no promise has taken
  /// @param newPayeesLeft what payees announced only lately may get today, all together
  record Situation(
      Map<Address, PayeeAccount> accounts,
      Map<Address, Amount> promised,
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
    private final Map<Address, Amount> totals = new HashMap<>();
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

    /// Whoever was promised more than is credited comes first.
    private void begin(Address payee, PayeeAccount account) {
      var promised = situation.promised().getOrDefault(payee, Amount.ZERO);
      totals.put(payee, promised.max(account.credited()));
      var open = promised.minusOrZero(account.credited());
      if (open.isZero() || !account.announced()) return;
      if (hasRoom(payee)) credited.add(payee);
      if (isNew(account)) newPayeesLeft = newPayeesLeft.minusOrZero(open);
    }

    PayoutPlan plan(List<Request> waiting) {
      for (var request : waiting) consider(request);
      var credits =
          credited.stream()
              .map(payee -> new PromisedTotal(payee, totals.getOrDefault(payee, Amount.ZERO)))
              .toList();
      return new PayoutPlan(promises, credits, shortfall);
    }

    private void consider(Request request) {
      var account = situation.accounts().get(request.payee());
      if (account == null || !account.announced() || !hasRoom(request.payee())) return;
      if (isNew(account) && request.amount().exceeds(newPayeesLeft)) return;
      if (request.amount().exceeds(available)) {
        shortfall = shortfall.plus(request.amount().minus(available));
        available = Amount.ZERO; // Who came first is not overtaken by smaller wishes.
        return;
      }
      available = available.minus(request.amount());
      if (isNew(account)) newPayeesLeft = newPayeesLeft.minus(request.amount());
      var total = totals.getOrDefault(request.payee(), Amount.ZERO).plus(request.amount());
      totals.put(request.payee(), total);
      credited.add(request.payee());
      promises.add(new Promise(request, total));
    }

    private boolean hasRoom(Address payee) {
      return credited.contains(payee) || credited.size() < situation.maxPayees();
    }

    private boolean isNew(PayeeAccount account) {
      return account.activeFromSeconds() > situation.nowSeconds();
    }
  }
}
