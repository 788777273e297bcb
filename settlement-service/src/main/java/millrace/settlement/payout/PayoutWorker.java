package millrace.settlement.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.VaultReader;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.Senders;
import millrace.settlement.chain.Worker;
import millrace.settlement.gas.GasWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Pays merchants, as many as wait in one transaction. Only final money is promised, a promise is
/// stored before it is sent, and a payout counts as paid when the vault's books in a final block
/// say so.
@Component
class PayoutWorker implements Worker {
  static final String KIND = "credit";
  private static final Logger LOG = LoggerFactory.getLogger(PayoutWorker.class);
  private static final int MOST_PAYOUTS = 500;
  private static final int MOST_PAYEES = 40;

  /// The vault gives each payment a fixed amount of gas and catches its failure; without enough
  /// left, every payment would fail while the transaction succeeds.
  private static final long GAS_OF_BATCH = 250_000;
  private static final long GAS_OF_PAYEE = 330_000;

  /// What could not be credited is not tried again at once: each try costs gas.
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final BlockFollower follower;
  private final ChannelReader channelReader;
  private final VaultReader vault;
  private final Payouts payouts;
  private final CreditBatches batches;
  private final Promises promises;
  private final Payees payees;
  private final Senders senders;
  private final Outbox outbox;
  private final TransactionTemplate transactions;
  private final PayoutPolicy policy;
  private final GasWatch gas;
  private final HubTerms terms;
  private final Address token;
  private final Clock clock;

  PayoutWorker(
      BlockFollower follower,
      ChannelReader channelReader,
      VaultReader vault,
      Payouts payouts,
      CreditBatches batches,
      Promises promises,
      Payees payees,
      Senders senders,
      Outbox outbox,
      TransactionTemplate transactions,
      PayoutProperties properties,
      GasWatch gas,
      HubTerms terms,
      Clock clock) {
    this.follower = follower;
    this.channelReader = channelReader;
    this.vault = vault;
    this.payouts = payouts;
    this.batches = batches;
    this.promises = promises;
    this.payees = payees;
    this.senders = senders;
    this.outbox = outbox;
    this.transactions = transactions;
    this.policy = properties.policy();
    this.gas = gas;
    this.terms = terms;
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
    if (open.isEmpty() || block.isEmpty() || !isIdle(block.get())) return false;
    var books = read(open, block.get());
    transactions.executeWithoutResult(_ -> settle(books));
    return false;
  }

  /// What the vault holds and owes in one final block.
  private record Books(
      FollowedBlock block,
      Map<Address, PayeeAccount> accounts,
      Amount money,
      Amount newPayeesLeft) {}

  /// One batch after the other: what the last one did must stand in the block that is read.
  private boolean isIdle(FollowedBlock block) {
    var last = batches.findFirstByTokenOrderByIdDesc(token);
    if (last.isEmpty()) return true;
    if (last.get().isSending()) return false;
    return last.get().block().map(mined -> mined <= block.number()).orElse(true);
  }

  /// Claimed money that was not swept yet counts: crediting sweeps first.
  private Books read(List<Payout> open, FollowedBlock block) {
    Set<Address> concerned =
        open.stream().map(Payout::payee).collect(Collectors.toCollection(LinkedHashSet::new));
    var accounts = vault.accounts(concerned, token, block.hash());
    var unswept = channelReader.earned(terms.vault(), token, block.hash()).unsettled();
    var money = vault.free(token, block.hash()).plus(unswept);
    return new Books(block, accounts, money, vault.newPayeeCapLeft(token, block.hash()));
  }

  /// Confirms what is credited, then promises and credits what it can.
  private void settle(Books books) {
    promises.lock();
    if (!isIdle(books.block())) return;
    promises.credited(books.accounts());
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
    var transaction =
        batches
            .findFirstByTokenAndStateOrderByIdDesc(token, CreditBatch.State.CONFIRMED)
            .flatMap(CreditBatch::transaction);
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
                books.money().minusOrZero(promises.outstanding()),
                books.newPayeesLeft(),
                books.block().timestamp().getEpochSecond(),
                MOST_PAYEES));
    for (var promise : plan.promises()) {
      var payout = Optional.ofNullable(waiting.get(promise.request().id())).orElseThrow();
      payout.promise(promise.cumulative());
      var account = Optional.ofNullable(books.accounts().get(payout.payee())).orElseThrow();
      promises.raise(payout.payee(), promise.cumulative(), account.credited());
    }
    boolean sends = !plan.credits().isEmpty() && (!plan.promises().isEmpty() || isRested());
    if (sends) send(plan);
    // Until this credit is final nobody plans anew, and claims for old wishes would be for nothing.
    promises.fallShort(sends ? Amount.ZERO : plan.shortfall());
  }

  private boolean isRested() {
    return batches
        .findFirstByTokenOrderByIdDesc(token)
        .map(last -> last.changedAt().plus(PAUSE).isBefore(clock.instant()))
        .orElse(true);
  }

  private void send(PayoutPlan plan) {
    int count = plan.credits().size();
    var batch = batches.saveAndFlush(new CreditBatch(token, count, clock.instant()));
    senders
        .promiser()
        .submit(
            new TransactionRequest(
                Purpose.of(KIND, batch.id()),
                terms.vault(),
                ContractCalls.credit(token, plan.credits(), true),
                new Gas.Fixed(GAS_OF_BATCH + GAS_OF_PAYEE * count)));
    LOG.info("credit {} to {} payees", batch.id(), count);
  }
}
