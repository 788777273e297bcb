package millrace.settlement.payout;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.contract.CreditForm;
import millrace.chain.contract.PromisedTotal;
import millrace.chain.contract.VaultReader;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowedBlock;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.Worker;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Promises merchants what was claimed of their earnings, whether they ask for it or not: whatever
/// is promised, they can have without this hub. What nobody asks for is credited after a while.
@Component
class PromiseWorker implements Worker {
  private static final int PAYEES_AT_ONCE = 200;

  private final BlockFollower follower;
  private final VaultReader vault;
  private final VaultMoney vaultMoney;
  private final Promises promises;
  private final PromiseSigner signer;
  private final Payees payees;
  private final Crediting crediting;
  private final TransactionTemplate transactions;
  private final Address token;
  private final PromiseProperties properties;
  private final Clock clock;
  private Instant next = Instant.EPOCH;

  /// A block whose money is all promised: until the next one there is nothing to ask for.
  private Bytes32 spent = Bytes32.ZERO;

  PromiseWorker(
      BlockFollower follower,
      VaultReader vault,
      VaultMoney vaultMoney,
      Promises promises,
      PromiseSigner signer,
      Payees payees,
      Crediting crediting,
      TransactionTemplate transactions,
      HubTerms terms,
      PromiseProperties properties,
      Clock clock) {
    this.follower = follower;
    this.vault = vault;
    this.vaultMoney = vaultMoney;
    this.promises = promises;
    this.signer = signer;
    this.payees = payees;
    this.crediting = crediting;
    this.transactions = transactions;
    this.token = terms.token().address();
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "promises";
  }

  @Override
  public boolean work() {
    var now = clock.instant();
    if (now.isBefore(next)) return false;
    next = now.plus(properties.interval());
    follower.finalBlock().ifPresent(this::work);
    while (signer.sign(PAYEES_AT_ONCE) == PAYEES_AT_ONCE) {
      // A page after the other.
    }
    return false;
  }

  private void work(FollowedBlock block) {
    read(block);
    if (!block.hash().equals(spent) && !promises.unpromised(1).isEmpty()) {
      var money = vaultMoney.in(block);
      transactions.executeWithoutResult(_ -> promise(money));
    }
    credit(block);
  }

  /// Whoever redeems a promise does not tell us. When the vault has credited another sum than we
  /// know of, accounts are read in turn until it is found.
  private void read(FollowedBlock block) {
    if (!promises.isAnyKnown()) return;
    boolean isKnown = vaultMoney.credited(block).equals(promises.credited());
    var unread = promises.unread(block.number(), isKnown, PAYEES_AT_ONCE);
    if (unread.isEmpty()) return;
    var accounts = vault.accounts(unread, token, block.hash());
    transactions.executeWithoutResult(_ -> note(accounts, block));
  }

  private void note(Map<Address, PayeeAccount> accounts, FollowedBlock block) {
    promises.lock();
    promises.credited(accounts, block);
    accounts.forEach(
        (payee, account) -> {
          if (!account.announced()) payees.announce(payee);
        });
  }

  private void promise(VaultMoney.Money money) {
    promises.lock();
    var room = promises.room(money).minusOrZero(promises.lackedByPayouts());
    if (room.isZero()) {
      spent = money.block().hash();
      return;
    }
    PromisePlan.share(promises.unpromised(PAYEES_AT_ONCE), room).forEach(promises::raise);
  }

  /// The tokens stay in the vault, as the payee's own.
  private void credit(FollowedBlock block) {
    var due = due();
    if (due.isEmpty() || !crediting.isIdle(block) || !crediting.isRested()) return;
    var accounts =
        new HashMap<>(
            vault.accounts(due.stream().map(PromisedTotal::payee).toList(), token, block.hash()));
    accounts.values().removeIf(account -> !account.announced());
    transactions.executeWithoutResult(_ -> credit(accounts, block));
  }

  private void credit(Map<Address, PayeeAccount> announced, FollowedBlock block) {
    promises.lock();
    if (!crediting.isIdle(block)) return;
    promises.credited(announced, block);
    var credits = due().stream().filter(total -> isCreditable(total, announced)).toList();
    if (credits.isEmpty()) return;
    crediting.send(credits, CreditForm.BOOK);
    promises.waitAgain(credits);
  }

  private static boolean isCreditable(PromisedTotal total, Map<Address, PayeeAccount> announced) {
    var account = announced.get(total.payee());
    return account != null && total.canBeCredited(account.credited());
  }

  private List<PromisedTotal> due() {
    return promises.uncreditedSince(
        clock.instant().minus(properties.creditAfter()), CreditForm.BOOK.mostPayees());
  }
}
