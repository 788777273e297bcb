package millrace.bench.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.bench.policy.Channels.Row;
import millrace.bench.policy.Merchants.Payout;
import millrace.settlement.gas.GasPrice;
import millrace.settlement.gas.GasWindow;

/// One day under one policy, and after it until everything is claimed and paid, so that a policy
/// gains nothing by leaving work behind.
final class Replay {
  private static final int STEP = 4;
  private static final int MINUTE = 60;
  private static final int WINDOW_PART = 300;

  /// The next block and two more on top of it.
  private static final int UNTIL_FINAL = 3 * GasPrices.BLOCK_SECONDS;

  private static final int LATEST = 2 * Day.LENGTH;
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private final Contestant contestant;
  private final Day day;
  private final GasPrices prices;
  private final GasModel model;
  private final Channels channels;
  private final Merchants merchants;
  private final GasWindow window = new GasWindow(Duration.ofDays(1));
  private final Deque<Claim> claiming = new ArrayDeque<>();
  private final List<Long> atRisk = new ArrayList<>();
  private final List<Integer> delays = new ArrayList<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private Credit crediting = new Credit(List.of(), 0);
  private long payments;
  private long free;
  private long shortfall;
  private long rows;
  private int claims;
  private double gas;
  private double fee;
  private int next;

  private record Claim(List<Row> rows, int finalAt) {}

  private record Credit(List<Payout> payouts, int finalAt) {}

  private Replay(Contestant contestant, Day day, GasPrices prices, GasModel model, long seed) {
    this.contestant = contestant;
    this.day = day;
    this.prices = prices;
    this.model = model;
    long least = contestant.minRowValue().units().longValueExact();
    this.channels = new Channels(day.leaves().size(), least);
    int most = day.payments().stream().mapToInt(Day.Payment::merchant).max().orElse(0);
    this.merchants = new Merchants(most + 1, seed);
  }

  static Outcome of(Contestant contestant, Day day, GasPrices prices, GasModel model, long seed) {
    return new Replay(contestant, day, prices, model, seed).run();
  }

  private Outcome run() {
    for (int t = -Day.LENGTH; t < 0; t += WINDOW_PART) seen(t);
    for (int t = 0; t < LATEST && (t <= Day.LENGTH || isBusy()); t += STEP) {
      pay(t);
      if (t <= Day.LENGTH) merchants.ask(t - STEP, t);
      confirm(t);
      var price = seen(t);
      settle(t, price);
      claim(t, price);
      if (t % MINUTE == 0 && t < Day.LENGTH) atRisk.add(channels.atRisk());
    }
    if (isBusy()) throw new IllegalStateException(contestant.name() + " never comes to an end");
    Collections.sort(delays);
    return new Outcome(
        contestant, payments, claims, rows, delays.size(), gas, fee, atRisk, delays, reasons);
  }

  private GasPrice seen(int t) {
    return window.seen(START.plusSeconds(t), prices.at(t));
  }

  private boolean isBusy() {
    return channels.atRisk() > 0 || !merchants.waiting().isEmpty() || !isIdle();
  }

  private boolean isIdle() {
    return crediting.payouts().isEmpty();
  }

  private void pay(int t) {
    for (; next < day.payments().size() && day.payments().get(next).second() <= t; next++) {
      var payment = day.payments().get(next);
      if (channels.isLeaving(payment.payer())) continue;
      channels.charge(payment.payer(), payment.units(), payment.second());
      merchants.earn(payment.merchant(), payment.units());
      payments++;
    }
    for (int i = 0; i < day.leaves().size(); i++) {
      if (day.leaves().get(i) <= t && !channels.isLeaving(i)) channels.leave(i);
    }
  }

  private void confirm(int t) {
    while (!claiming.isEmpty() && claiming.getFirst().finalAt() <= t) {
      free += channels.claimed(claiming.removeFirst().rows(), t);
    }
    if (isIdle() || crediting.finalAt() > t) return;
    for (var payout : crediting.payouts()) delays.add(t - payout.askedAt());
    crediting = new Credit(List.of(), 0);
  }

  /// Pays whom it can, and says what is missing for the others.
  private void settle(int t, GasPrice price) {
    if (!isIdle()) return;
    shortfall = 0;
    var waiting = merchants.waiting();
    if (waiting.isEmpty()) return;
    var since = START.plusSeconds(waiting.getFirst().askedAt());
    var policy = contestant.payouts();
    if (!policy.due(waiting.size(), since, price, START.plusSeconds(t))) return;
    var paid = merchants.take(policy.fullBatch(), free);
    if (paid.isEmpty()) {
      shortfall = waiting.stream().mapToLong(Payout::units).sum() - free;
      return;
    }
    free -= paid.stream().mapToLong(Payout::units).sum();
    crediting = new Credit(paid, t + UNTIL_FINAL);
    spend(t, model.payout(paid.size()));
  }

  private void claim(int t, GasPrice price) {
    while (true) {
      var now = START.plusSeconds(t);
      long missing = Math.max(0, shortfall - channels.beingClaimed());
      var due = contestant.claims().due(channels.unclaimed(START, missing), price, now);
      if (due.isEmpty()) return;
      var batch = channels.take(contestant.maxRows(), due.get());
      if (batch.isEmpty()) return;
      claiming.add(new Claim(batch, t + UNTIL_FINAL));
      reasons.merge(due.get().reason().name(), 1, Integer::sum);
      claims++;
      rows += batch.size();
      spend(t, model.claim(batch.size()));
    }
  }

  private void spend(int t, double units) {
    gas += units;
    fee += units * prices.wei(t + GasPrices.BLOCK_SECONDS);
  }
}
