package millrace.gateway.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.messaging.command.AccountOffView;
import millrace.messaging.command.BooksView;
import millrace.messaging.command.LedgerView;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One hub whose books agree, and what is said when one figure of them is another.
class ComparisonTest {
  private static final Address TOKEN = Address.of("0x%040x".formatted(0xbb));

  /// Of 1,000 that were locked 600 are claimed, 20 of them payers' credit and 40 of
  /// channels that the ledger does not know; 450 of these are in the vault.
  /// 400 are promised, 300 credited, 250 withdrawn. 310 were asked for, of which 300 are paid.
  private final Map<String, Long> figures =
      new HashMap<>(
          Map.ofEntries(
              Map.entry("ledger.escrow", 360L),
              Map.entry("ledger.claimed", 110L),
              Map.entry("ledger.vault", 150L),
              Map.entry("ledger.merchants", 290L),
              Map.entry("ledger.payoutsInFlight", 10L),
              Map.entry("ledger.fees", 0L),
              Map.entry("ledger.paidOut", 300L),
              Map.entry("ledger.claimedCredit", 20L),
              Map.entry("ledger.imbalance", 0L),
              Map.entry("ledger.payersOff", 0L),
              Map.entry("ledger.unpostedEscrow", 40L),
              Map.entry("ledger.unpostedClaimed", 40L),
              Map.entry("chain.held", 200L),
              Map.entry("chain.owed", 50L),
              Map.entry("chain.credited", 300L),
              Map.entry("chain.claimed", 600L),
              Map.entry("chain.settled", 450L),
              Map.entry("chain.escrow", 555L),
              Map.entry("kept.escrow", 400L),
              Map.entry("kept.claimed", 600L),
              Map.entry("kept.promised", 400L),
              Map.entry("kept.credited", 300L),
              Map.entry("kept.payoutsPaid", 300L),
              Map.entry("kept.payoutsOpen", 10L),
              Map.entry("kept.claimedCredit", 60L),
              Map.entry("kept.answered", 70L),
              Map.entry("kept.answersRead", 70L)));

  @Test
  void booksThatAgreeHaveNoDifference() {
    var report = compare(0);
    assertThat(report.differences()).isEmpty();
    assertThat(report.agrees()).isTrue();
    assertThat(report.vault())
        .isEqualTo(
            new Vault(
                number(200),
                number(150),
                number(50),
                number(100),
                number(60),
                BigInteger.ZERO,
                number(140),
                BigInteger.ZERO));
  }

  @ParameterizedTest(name = "{0} by {1}: {2} by {3}")
  @CsvSource({
    "ledger.imbalance, 3, ledger_balance, 3",
    "ledger.payersOff, 2, ledger_payers, 2",
    "ledger.escrow, -7, escrow, -7",
    "chain.escrow, -6, escrow_on_chain, 1",
    "kept.claimed, -9, claimed_by_channel, -9",
    "ledger.claimed, -5, claimed, -5",
    "ledger.claimedCredit, 4, payer_credit, 4",
    "kept.answersRead, -6, answered, 6",
    "kept.payoutsPaid, 8, paid, -8",
    "kept.payoutsOpen, -1, payouts_open, 1",
    "ledger.merchants, -201, promised, 1",
    "kept.promised, 141, promises_covered, 1",
    "chain.held, 13, vault, 13",
    "chain.held, -13, vault, -13"
  })
  void oneFigureThatIsWrongIsNamedToTheUnit(String figure, long by, String line, long difference) {
    figures.merge(figure, by, Long::sum);
    assertThat(compare(0).differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple(line, number(difference)));
  }

  @Test
  void aClaimThatTheLedgerHasNotHeardOfIsMissingThereAndStillLocked() {
    figures.merge("ledger.claimed", -30L, Long::sum);
    figures.merge("ledger.escrow", 30L, Long::sum);
    assertThat(compare(0).differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple("escrow", number(30)), tuple("claimed", number(-30)));
  }

  @Test
  void aSweepThatTheLedgerHasNotHeardOfIsMissingThere() {
    figures.merge("ledger.claimed", 20L, Long::sum);
    figures.merge("ledger.vault", -20L, Long::sum);
    assertThat(compare(0).differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple("swept", number(-20)));
  }

  @Test
  void aCreditThatSettlementHasNotSeenIsMissingThere() {
    figures.merge("kept.credited", -4L, Long::sum);
    figures.merge("kept.promised", -4L, Long::sum);
    assertThat(compare(0).differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple("credited", number(-4)));
  }

  @Test
  void moneyThatCameFromOutsideIsTheReserveAndNoDifferenceOnceItIsKnown() {
    figures.merge("chain.held", 25L, Long::sum);
    assertThat(compare(0).vault().reserve()).isEqualTo(25);
    assertThat(compare(0).agrees()).isFalse();
    assertThat(compare(25).agrees()).isTrue();
  }

  /// Fees are merchants' no more, and what the operator took is missing until it says so.
  @Test
  void feesAreShownAsFarAsTheyAreClaimedAndATakeOfThemIsTheReserves() {
    figures.merge("ledger.fees", 30L, Long::sum);
    figures.merge("ledger.merchants", -30L, Long::sum);
    assertThat(compare(0).vault().fees()).isEqualTo(30);
    assertThat(compare(0).vault().unpromised()).isEqualTo(110);
    assertThat(compare(0).agrees()).isTrue();
    figures.merge("chain.held", -30L, Long::sum);
    assertThat(compare(0).differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple("vault", number(-30)));
    assertThat(compare(-30).agrees()).isTrue();

    figures.merge("ledger.fees", 200L, Long::sum);
    assertThat(compare(-30).vault().fees()).isEqualTo(140);
  }

  @Test
  void anAccountThatIsOffIsNamed() {
    var off = new AccountOffView("MERCHANT", "mer_7", number(100), number(93));
    var report = Comparison.of(ledger(), books(), List.of(off), BigInteger.ZERO);
    assertThat(report.differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple("account MERCHANT mer_7", number(-7)));
  }

  @Test
  void whatDiffersInOneLookOnlyIsNewsOnItsWay() {
    figures.merge("ledger.paidOut", 5L, Long::sum);
    figures.merge("chain.held", 2L, Long::sum);
    var first = compare(0);
    figures.merge("ledger.paidOut", -5L, Long::sum);
    figures.merge("kept.payoutsOpen", 4L, Long::sum);
    var both = first.orCloser(compare(0));
    assertThat(both.differences())
        .extracting(Line::name, Line::difference)
        .containsExactly(tuple("vault", number(2)));
  }

  private Report compare(long reserve) {
    return Comparison.of(ledger(), books(), List.of(), number(reserve));
  }

  private LedgerView ledger() {
    return new LedgerView(
        TOKEN,
        figure("ledger.escrow"),
        figure("ledger.claimed"),
        figure("ledger.vault"),
        number(0),
        figure("ledger.merchants"),
        figure("ledger.payoutsInFlight"),
        BigInteger.ZERO,
        figure("ledger.fees"),
        figure("ledger.paidOut"),
        figure("ledger.claimedCredit"),
        BigInteger.ZERO,
        figure("ledger.claimedCredit"),
        number(0),
        figure("ledger.imbalance"),
        figure("ledger.payersOff").longValueExact(),
        figure("ledger.unpostedEscrow"),
        figure("ledger.unpostedClaimed"));
  }

  private BooksView books() {
    return new BooksView(
        TOKEN,
        7,
        new BooksView.OnChain(
            amount("chain.held"),
            amount("chain.owed"),
            amount("chain.credited"),
            amount("chain.claimed"),
            amount("chain.settled"),
            amount("chain.escrow"),
            Amount.ZERO),
        new BooksView.Kept(
            figure("kept.escrow"),
            figure("kept.claimed"),
            0,
            figure("kept.promised"),
            figure("kept.credited"),
            figure("kept.payoutsPaid"),
            figure("kept.payoutsOpen"),
            figure("kept.claimedCredit"),
            figure("kept.answered"),
            figure("kept.answersRead")));
  }

  private BigInteger figure(String name) {
    var value = figures.get(name);
    if (value == null) throw new IllegalArgumentException(name);
    return number(value);
  }

  private Amount amount(String name) {
    return new Amount(figure(name));
  }

  private static BigInteger number(long value) {
    return BigInteger.valueOf(value);
  }
}
