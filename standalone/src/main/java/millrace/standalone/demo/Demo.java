package millrace.standalone.demo;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import millrace.payer.PayerChain;
import millrace.payer.PayerChannel;
import millrace.payer.Withdrawal;
import millrace.protocol.type.Amount;
import millrace.standalone.demo.Crowd.Member;
import millrace.standalone.demo.Stage.Stall;
import millrace.standalone.hub.LocalHub;

/// The main job of a hub, played on a real one: many small payments, a few claims, exact payouts,
/// one cheat, and a partner who hears of it all. Every figure it reports is measured.
public final class Demo {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final LocalHub hub;
  private final HubApi operator;
  private final Stage stage = Stage.standard();
  private final PrintStream out;

  public Demo(LocalHub hub, String operatorKey, PrintStream out) {
    this.hub = hub;
    this.operator = new HubApi(hub.url(), operatorKey);
    this.out = out;
  }

  /// @return whether no money was lost anywhere
  public boolean play() throws InterruptedException {
    try (var shop = Shop.start(0);
        var partner = Partner.start()) {
      var market = Market.open(hub, operator, stage, shop, partner);
      say("%d merchants sell behind paywalled routes", stage.stalls().size());
      var crowd = Crowd.gather(hub, stage, market);
      double seconds = pay(crowd);
      long paidInTime = crowd.payments();
      var fraud = cheat(crowd);
      var arrived = market.payOut(PATIENCE);
      say("payouts arrived");
      var books = Books.settled(hub, PATIENCE);
      Market.await("webhooks", PATIENCE, () -> partner.received() >= crowd.payments());

      var report = report(crowd, fraud, arrived, books, partner, paidInTime / seconds);
      out.println();
      out.print(report.table());
      out.println();
      out.println(report.json());
      out.flush();
      return report.isSound();
    }
  }

  private double pay(Crowd crowd) throws InterruptedException {
    say("%d payers open channels and pay, without gas", stage.payers());
    long total = (long) stage.payers() * stage.paymentsEach();
    long start = System.nanoTime();
    crowd.payAll(
        done -> {
          if (done % 250 == 0) say("%,d of %,d payments", done, total);
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    say("%,d payments in %.1f s, deposits included", crowd.payments(), seconds);
    return seconds;
  }

  /// Spends, asks the contract for everything back, and goes on spending until it is noticed.
  private Fraud cheat(Crowd crowd) throws InterruptedException {
    var cheat = crowd.cheat();
    var stall = stage.stalls().getFirst();
    var channel = cheat.payer().channels().getFirst();
    var everything = unclaimed(cheat, channel);
    var step = cheat.payer().initiateWithdraw(channel.id(), Optional.of(everything));
    if (!(step instanceof Withdrawal.Initiated)) {
      throw new IllegalStateException("the cheat could not start to withdraw: " + step);
    }
    say("a payer who spent %s asks the contract for %s back", cheat.spent(), everything);
    long refused = 0;
    for (int attempt = 0; attempt < 20 && refused < 3; attempt++) {
      if (crowd.tryToPay(cheat, stall)) Thread.sleep(100);
      else refused++;
    }
    var spent = Amount.of(cheat.spent().sum());
    Market.await("the answer", PATIENCE, () -> !spent.exceeds(claimed(cheat, channel)));
    say("that is answered: %s claimed", claimed(cheat, channel));

    hub.chain().increaseTime(Duration.ofSeconds(channel.config().withdrawDelaySeconds() + 1));
    hub.chain().mine(1);
    var end = cheat.payer().finalizeWithdraw(channel.id());
    say("after the delay the payer leaves with what it had not spent: %s", end);
    return new Fraud(refused, claimed(cheat, channel), spent);
  }

  /// @param refused payments that the hub did not take any more
  private record Fraud(long refused, Amount claimed, Amount spent) {
    Amount lost() {
      return spent.minusOrZero(claimed);
    }

    /// By settlement, which the watchtower leaves a head start, or by the watchtower.
    long answered() {
      return spent.exceeds(claimed) ? 0 : 1;
    }
  }

  private Report report(
      Crowd crowd,
      Fraud fraud,
      Map<Stall, Amount> arrived,
      Books books,
      Partner partner,
      double rate) {
    var paid = arrived.values().stream().reduce(Amount.ZERO, Amount::plus);
    var owed =
        stage.stalls().stream()
            .map(stall -> crowd.owedTo(stall).units().subtract(got(arrived, stall).units()).abs())
            .reduce(BigInteger.ZERO, BigInteger::add);
    return new Report(
        crowd.payments(),
        fraud.refused(),
        rate,
        crowd.p99Millis(),
        crowd.meanDepositMillis(),
        books.claimTransactions(),
        books.gasUsed() / crowd.payments(),
        books.claimed(),
        paid,
        owed.toString(),
        1,
        fraud.answered(),
        fraud.lost().toString(),
        partner.received(),
        partner.forged(),
        books.ledgerMinusChain().toString(),
        setting("fsync"),
        setting("synchronous_commit"));
  }

  private static Amount got(Map<Stall, Amount> arrived, Stall stall) {
    return requireNonNull(arrived.get(stall), () -> "nothing is known of " + stall);
  }

  private static Amount claimed(Member member, PayerChannel channel) {
    return onChain(member, channel).claimed();
  }

  private static Amount unclaimed(Member member, PayerChannel channel) {
    return onChain(member, channel).unclaimed();
  }

  private static PayerChain.OnChain onChain(Member member, PayerChannel channel) {
    try {
      return member.chain().read(channel.id());
    } catch (IOException failure) {
      throw new IllegalStateException("the chain does not answer", failure);
    }
  }

  private String setting(String name) {
    var url = hub.postgres().jdbcUrl("channel");
    try (var connection = DriverManager.getConnection(url, hub.postgres().user(), "");
        var rows = connection.createStatement().executeQuery("SHOW " + name)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException failure) {
      throw new IllegalStateException("the database does not answer", failure);
    }
  }

  @FormatMethod
  private void say(@FormatString String format, Object... arguments) {
    out.println("· " + String.format(format, arguments));
    out.flush();
  }
}
