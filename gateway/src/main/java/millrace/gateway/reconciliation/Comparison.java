package millrace.gateway.reconciliation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import millrace.messaging.command.AccountOffView;
import millrace.messaging.command.BooksView;
import millrace.messaging.command.LedgerView;
import millrace.protocol.type.Amount;

/// The books of one moment, compared. Each line has two sources, so that a mistake in one of them
/// shows.
final class Comparison {
  private static final String LEDGER = "ledger";
  private static final String SETTLEMENT = "settlement";
  private static final String CHAIN = "chain";

  private final LedgerView ledger;
  private final BooksView.OnChain chain;
  private final BooksView.Kept kept;
  private final BigInteger reserve;

  private Comparison(LedgerView ledger, BooksView books, BigInteger reserve) {
    this.ledger = ledger;
    this.chain = books.chain();
    this.kept = books.kept();
    this.reserve = reserve;
  }

  /// @param accountsOff empty when nobody looked
  /// @param reserve of the vault, as the operator knows it
  static Report of(
      LedgerView ledger, BooksView books, List<AccountOffView> accountsOff, BigInteger reserve) {
    var comparison = new Comparison(ledger, books, reserve);
    var lines = new ArrayList<Line>();
    lines.addAll(comparison.ledgerItself());
    lines.addAll(comparison.channels());
    lines.addAll(comparison.payouts());
    lines.addAll(comparison.vaultLines());
    accountsOff.forEach(account -> lines.add(off(account)));
    return new Report(books.token(), books.block(), comparison.vault(), List.copyOf(lines));
  }

  private List<Line> ledgerItself() {
    return List.of(
        Line.same(
            "ledger_balance",
            "credits less debits of all accounts",
            LEDGER,
            ledger.imbalance(),
            "rule",
            BigInteger.ZERO),
        Line.same(
            "ledger_payers",
            "channels whose account is not balance less charged",
            LEDGER,
            BigInteger.valueOf(ledger.payersOff()),
            "rule",
            BigInteger.ZERO));
  }

  private List<Line> channels() {
    var swept = ledger.vault().add(ledger.paidOut());
    return List.of(
        Line.same(
            "escrow",
            "locked in channels and not claimed",
            LEDGER,
            ledger.escrow().add(ledger.unpostedEscrow()),
            SETTLEMENT,
            kept.escrow()),
        Line.atMost(
            "escrow_on_chain",
            "tokens that the channel contract must hold for this hub",
            SETTLEMENT,
            kept.escrow().add(kept.claimed()).subtract(chain.settled().units()),
            CHAIN,
            chain.escrow().units()),
        Line.same(
            "claimed",
            "claimed from channels, ever",
            LEDGER,
            ledger.claimed().add(swept).add(ledger.unpostedClaimed()),
            CHAIN,
            chain.claimed().units()),
        Line.same(
            "claimed_by_channel",
            "claimed from the channels that are known, ever",
            SETTLEMENT,
            kept.claimed(),
            CHAIN,
            chain.claimed().units()),
        Line.same(
            "answered",
            "claimed of channels whose payers left, as far as the watchtower did it",
            "watchtower",
            kept.answered(),
            SETTLEMENT,
            kept.answersRead()),
        Line.same(
            "swept", "moved into the vault, ever", LEDGER, swept, CHAIN, chain.settled().units()),
        Line.same(
            "payer_credit",
            "claimed, and payers' credit",
            LEDGER,
            ledger.claimedCredit().add(ledger.unpostedClaimed()),
            SETTLEMENT,
            kept.claimedCredit()));
  }

  private List<Line> payouts() {
    var earned =
        ledger
            .merchants()
            .add(ledger.refundsInFlight())
            .add(ledger.payoutsInFlight())
            .add(ledger.paidOut());
    return List.of(
        Line.same(
            "paid",
            "payouts that were paid, ever",
            LEDGER,
            ledger.paidOut(),
            SETTLEMENT,
            kept.payoutsPaid()),
        Line.same(
            "payouts_open",
            "payouts on their way",
            LEDGER,
            ledger.payoutsInFlight(),
            SETTLEMENT,
            kept.payoutsOpen()),
        Line.atMost(
            "promised",
            "promised to payees, no more than merchants have earned",
            SETTLEMENT,
            kept.promised(),
            LEDGER,
            earned),
        Line.same(
            "credited",
            "credited to payees, ever",
            SETTLEMENT,
            kept.credited(),
            CHAIN,
            chain.credited().units()));
  }

  private List<Line> vaultLines() {
    var vault = vault();
    return List.of(
        Line.atMost(
            "promises_covered",
            "promised and not credited, or payers', out of what was claimed and not credited",
            SETTLEMENT,
            vault.promised().add(vault.payers()),
            CHAIN,
            units(chain.claimed()).subtract(units(chain.credited()))),
        Line.same(
            "vault",
            "tokens in the vault, and what came into it less what went out, with the reserve",
            CHAIN,
            vault.held(),
            CHAIN,
            vault.held().subtract(vault.reserve()).add(reserve)));
  }

  private Vault vault() {
    var unsettled = units(chain.claimed()).subtract(units(chain.settled()));
    var promised = kept.promised().subtract(kept.credited()).max(BigInteger.ZERO);
    var payers = kept.claimedCredit();
    var unpromised =
        units(chain.claimed())
            .subtract(units(chain.credited()))
            .subtract(promised)
            .subtract(payers);
    var fees = ledger.fees().min(unpromised).max(BigInteger.ZERO);
    var paid = units(chain.credited()).subtract(units(chain.owed()));
    var outside = units(chain.held()).subtract(units(chain.settled()).subtract(paid));
    return new Vault(
        units(chain.held()),
        unsettled,
        units(chain.owed()),
        promised,
        payers,
        fees,
        unpromised.subtract(fees),
        outside);
  }

  private static Line off(AccountOffView account) {
    var name = account.owner().isEmpty() ? account.kind() : account.kind() + " " + account.owner();
    return Line.same(
        "account " + name,
        "kept balance of the account " + name + ", and what its transfers add up to",
        LEDGER,
        account.kept(),
        "journal",
        account.posted());
  }

  private static BigInteger units(Amount amount) {
    return amount.units();
  }
}
