package millrace.standalone.demo;

import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import millrace.payer.Outcome;
import millrace.payer.Payer;
import millrace.payer.PayerChain;
import millrace.payer.SpendLimits;
import millrace.payer.Web3jPayerChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.standalone.demo.Stage.Stall;
import millrace.standalone.hub.LocalHub;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// The payers of the demo. Each keeps a journal of what the hub acknowledged: that, and not what
/// the hub says later, is what the merchants are owed.
final class Crowd {
  private final Stage stage;
  private final Market market;
  private final List<Member> members;
  private final Histogram paymentMicros = new ConcurrentHistogram(3);
  private final Histogram depositMicros = new ConcurrentHistogram(3);
  private final Map<Stall, LongAdder> acknowledged = new HashMap<>();
  private final LongAdder payments = new LongAdder();

  /// One payer with its chain connection and its own count of what it was served, in base units.
  record Member(Payer payer, PayerChain chain, LongAdder spent) {}

  private Crowd(Stage stage, Market market, List<Member> members) {
    this.stage = stage;
    this.market = market;
    this.members = members;
    stage.stalls().forEach(stall -> acknowledged.put(stall, new LongAdder()));
  }

  static Crowd gather(LocalHub hub, Stage stage, Market market) {
    var members = new ArrayList<Member>();
    for (int number = 0; number < stage.payers(); number++) {
      var key = key(number);
      var deployment = hub.chain().deployment();
      var chain =
          new Web3jPayerChain(
              URI.create(deployment.rpcUrl()),
              BigInteger.valueOf(deployment.chainId()),
              deployment.channels(),
              key);
      var limits = SpendLimits.of(Amount.of(10_000), stage.depositEach().times(2));
      members.add(new Member(Payer.with(key, limits).chain(chain).build(), chain, new LongAdder()));
      hub.chain().fund(key.address(), stage.depositEach().times(2));
    }
    return new Crowd(stage, market, List.copyOf(members));
  }

  Member cheat() {
    return members.getLast();
  }

  /// Everybody pays at once, each one payment after the other, the first with a deposit.
  ///
  /// @param progress is told how many payments are done
  void payAll(LongConsumer progress) throws InterruptedException {
    forEachMember(this::open);
    forEachMember(
        member -> {
          for (int i = 1; i < stage.paymentsEach(); i++) {
            pay(member, stage.stalls().get(i % stage.stalls().size()));
            progress.accept(payments.sum());
          }
        });
  }

  private void open(Member member) throws InterruptedException {
    var stall = stage.stalls().getFirst();
    long start = System.nanoTime();
    require(member.payer().topUp(request(stall), stage.depositEach()), "deposit");
    depositMicros.recordValue((System.nanoTime() - start) / 1_000);
    note(member, stall);
  }

  private void pay(Member member, Stall stall) throws InterruptedException {
    long start = System.nanoTime();
    require(member.payer().fetch(request(stall)), "payment");
    paymentMicros.recordValue((System.nanoTime() - start) / 1_000);
    note(member, stall);
  }

  /// @return whether the hub took it
  boolean tryToPay(Member member, Stall stall) throws InterruptedException {
    boolean taken = member.payer().fetch(request(stall)) instanceof Outcome.Paid;
    if (taken) note(member, stall);
    return taken;
  }

  long payments() {
    return payments.sum();
  }

  double p99Millis() {
    return paymentMicros.getValueAtPercentile(99) / 1_000.0;
  }

  double meanDepositMillis() {
    return depositMicros.getMean() / 1_000;
  }

  /// What each merchant was promised by the hub's answers.
  Amount owedTo(Stall stall) {
    return stall.price().times(counter(stall).sum());
  }

  private void note(Member member, Stall stall) {
    counter(stall).increment();
    payments.increment();
    member.spent().add(stall.price().units().longValueExact());
  }

  private LongAdder counter(Stall stall) {
    var counter = acknowledged.get(stall);
    if (counter == null) throw new IllegalArgumentException("no such stall: " + stall);
    return counter;
  }

  private HttpRequest request(Stall stall) {
    return HttpRequest.newBuilder(market.urlOf(stall)).GET().build();
  }

  private static void require(Outcome outcome, String what) {
    if (!(outcome instanceof Outcome.Paid)) {
      throw new IllegalStateException("an honest " + what + " was not taken: " + outcome);
    }
  }

  private void forEachMember(Turn turn) throws InterruptedException {
    var turns = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var member : members) {
        turns.add(
            threads.submit(
                () -> {
                  turn.of(member);
                  return null;
                }));
      }
      for (var done : turns) done.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a payer failed", failure.getCause());
    }
  }

  private static SigningKey key(int number) {
    var secret = new byte[32];
    secret[0] = 0x6d;
    secret[31] = (byte) (number + 1);
    return SigningKey.of(Bytes32.of(secret));
  }

  @FunctionalInterface
  private interface Turn {
    void of(Member member) throws InterruptedException;
  }
}
