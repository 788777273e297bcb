package millrace.settlement.payout;

import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.chain.contract.CreditForm;
import millrace.chain.contract.VaultReader;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowedBlock;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.Worker;
import millrace.settlement.gas.GasWatch;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Pays merchants, as many as wait in one transaction. Only final money is promised, a promise is
/// stored before it is sent, and a payout counts as paid when the vault's books in a final block
/// say so.
@Component
class PayoutWorker implements Worker {
  private static final int MOST_PAYOUTS = 500;

  private final BlockFollower follower;
  private final VaultReader vault;
  private final VaultMoney vaultMoney;
  private final Payouts payouts;
  private final Crediting crediting;
  private final Promises promises;
  private final Payees payees;
  private final Outbox outbox;
  private final TransactionTemplate transactions;
  private final PayoutPolicy policy;
  private final GasWatch gas;
  private final Address token;
  private final Clock clock;

  PayoutWorker(
      BlockFollower follower,
      VaultReader vault,
      VaultMoney vaultMoney,
      Payouts payouts,
      Crediting crediting,
      Promises promises,
      Payees payees,
      Outbox outbox,
      TransactionTemplate transactions,
      PayoutProperties properties,
      GasWatch gas,
      HubTerms terms,
      Clock clock) {
    this.follower = follower;
    this.vault = vault;
    this.vaultMoney = vaultMoney;
    this.payouts = payouts;
    this.crediting = crediting;
    this.promises = promises;
    this.payees = payees;
    this.outbox = outbox;
    this.transactions = transactions;
    this.policy = properties.policy();
    this.gas = gas;
    this.token = terms.token().address();
    this.clock = clock;
  }

  @Override
  public String name() {
    return "payouts";
  }

  @Override
  public boolean work() {
    var block = follower.finalBlock();
    var open = payouts.open(token, Limit.of(MOST_PAYOUTS));
    if (open.isEmpty() || block.isEmpty() || !crediting.isIdle(block.get())) return false;
    var books = read(open, block.get());
    transactions.executeWithoutResult(_ -> settle(books));
    return false;
  }

  /// What the vault holds and owes in one final block.
  private record Books(
      FollowedBlock block,
      Map<Address, PayeeAccount> accounts,
      VaultMoney.Money money,
      Amount newPayeesLeft) {}

  private Books read(List<Payout> open, FollowedBlock block) {
    Set<Address> concerned =
        open.stream().map(Payout::payee).collect(Collectors.toCollection(LinkedHashSet::new));
    var accounts = vault.accounts(concerned, token, block.hash());
    return new Books(
        block, accounts, vaultMoney.in(block), vault.newPayeeCapLeft(token, block.hash()));
  }

  /// Confirms what is credited, then promises and credits what it can.
  private void settle(Books books) {
    promises.lock();
    if (!crediting.isIdle(books.block()) || promises.isReadAfter(books.block().number())) return;
    promises.credited(books.accounts(), books.block());
    var open = payouts.open(token, Limit.of(MOST_PAYOUTS));
    confirm(open, books);
    for (var payout : open) {
      var account = books.accounts().get(payout.payee());
      if (payout.isWaiting() && account != null && !account.announced()) {
        payees.announce(payout.payee());
      }
    }
    if (isTime(open)) {
      promise(open, books);
    } else {
      promises.fallShort(Amount.ZERO); // Nobody need claim for payouts that are not due.
    }
  }

  /// What is promised already is not held up: its merchant may redeem it at any price.
  private boolean isTime(List<Payout> open) {
    if (open.stream().anyMatch(Payout::isPromised)) return true;
    var times = open.stream().filter(Payout::isWaiting).map(Payout::requestedAt).toList();
    if (times.isEmpty()) return false;
    return policy.due(times.size(), Collections.min(times), gas.price(), clock.instant());
  }

  private void confirm(List<Payout> open, Books books) {
    var transaction = crediting.lastTransaction();
    for (var payout : open) {
      var account = books.accounts().get(payout.payee());
      if (account == null || !payout.isCoveredBy(account.credited())) continue;
      var event = payout.pay(transaction.orElse(Bytes32.ZERO), clock.instant());
      outbox.append(payout.merchant().value(), event);
    }
  }

  private void promise(List<Payout> open, Books books) {
    var waiting =
        open.stream()
            .filter(Payout::isWaiting)
            .filter(payout -> books.accounts().containsKey(payout.payee()))
            .collect(Collectors.toMap(Payout::getId, Function.identity()));
    var requests =
        open.stream()
            .filter(payout -> waiting.containsKey(payout.getId()))
            .map(p -> new PayoutPlan.Request(p.getId(), p.payee(), p.amount()))
            .toList();
    var plan =
        PayoutPlan.of(
            requests,
            new PayoutPlan.Situation(
                books.accounts(),
                promises.of(books.accounts().keySet()),
                promises.room(books.money()),
                books.newPayeesLeft(),
                books.block().timestamp().getEpochSecond(),
                CreditForm.PUSH.mostPayees()));
    for (var promise : plan.promises()) {
      var payout = Optional.ofNullable(waiting.get(promise.request().id())).orElseThrow();
      payout.promise(promise.cumulative());
      promises.raise(payout.payee(), promise.more());
      promises.request(payout.payee(), promise.cumulative());
    }
    boolean sends =
        !plan.credits().isEmpty() && (!plan.promises().isEmpty() || crediting.isRested());
    if (sends) crediting.send(plan.credits(), CreditForm.PUSH);
    // Until this credit is final nobody plans anew, and claims for old wishes would be for nothing.
    promises.fallShort(sends ? Amount.ZERO : plan.shortfall());
  }
}
