package millrace.watchtower.merchant;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.Loop;
import millrace.chain.contract.PayeeReader;
import millrace.chain.contract.PayeeReader.PayeeView;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Listens to the hub, looks at the chain, and redeems when it must.
final class MerchantTower implements AutoCloseable, HubStream.Listener {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration NOTE_EVERY = Duration.ofMinutes(1);
  private static final Duration OLD_HEAD = Duration.ofMinutes(2);

  private final Settings settings;
  private final InstantSource clock;
  private final Events events;
  private final Alarms alarms;
  private final Notebook book;
  private final Nodes nodes;
  private final Courier courier;
  private final Hearing hearing;
  private final HubStream stream;
  private final Loop loop;
  private volatile Optional<Status> status = Optional.empty();
  private Optional<PayeeView> lastView = Optional.empty();

  /// @param withdraw whether credit is sent to the payee as well
  record Settings(
      Terms terms,
      Policy policy,
      URI hub,
      String apiKey,
      List<URI> nodes,
      SigningKey key,
      Path folder,
      BigInteger mostWei,
      boolean withdraw,
      Duration poll) {
    /// Without the keys.
    @Override
    public String toString() {
      return "Settings[%s, %s, hub=%s, nodes=%s]".formatted(terms, policy, hub, nodes);
    }
  }

  /// What the last look has shown.
  ///
  /// @param at by the clock of this machine
  record Status(
      Instant at, int nodes, PayeeView view, Amount promised, Verdict verdict, BigInteger gasWei) {}

  MerchantTower(Settings settings, Events events, InstantSource clock) {
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.alarms = new Alarms(events);
    this.book = Notebook.open(settings.folder(), settings.terms());
    this.nodes = new Nodes(settings.nodes(), settings.terms());
    this.courier =
        new Courier(
            nodes, book, settings.key(), settings.terms(), settings.mostWei(), alarms, events);
    this.hearing =
        new Hearing(book.notes().heardAt(), clock.instant(), settings.policy().silence());
    this.stream =
        new HubStream(settings.hub(), settings.apiKey(), () -> book.notes().cursor(), this);
    this.loop = new Loop("merchant-tower", settings.poll(), this::round);
  }

  /// @throws millrace.chain.rpc.WrongChain when a node is of another chain
  void start() {
    nodes.verify();
    events.info(
        "started",
        "guarding the promises to " + settings.terms().payee(),
        Map.of("gas_account", courier.account(), "held", book.notes().held().highest()));
    stream.start();
    loop.start();
  }

  Optional<Status> status() {
    return status;
  }

  Alarms alarms() {
    return alarms;
  }

  Duration unheard() {
    return hearing.unheard(clock.instant());
  }

  Terms terms() {
    return settings.terms();
  }

  Address account() {
    return courier.account();
  }

  // --- what the hub says ---

  @Override
  public void onSign() {
    hearing.heard(clock.instant());
  }

  @Override
  public void onEvent(String id, String type, String data) {
    if (!type.equals("promise")) return;
    SignedPromise promise;
    try {
      promise = parse(data);
    } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
      alarms.set(Alarm.BAD_PROMISE, true, "the hub sent no promise: " + e.getMessage());
      return;
    }
    switch (book.notes().held().take(promise, settings.terms())) {
      case Held.Intake.Taken(var held, var doubt) -> {
        book.change(notes -> notes.with(held).resumingAt(id));
        alarms.set(Alarm.BAD_PROMISE, doubt.isPresent(), doubt.orElse(""));
        events.info("promise", "holds a promise of " + promise.cumulative(), Map.of());
        loop.wake();
      }
      case Held.Intake.Known _ -> book.change(notes -> notes.resumingAt(id));
      case Held.Intake.Refused(var reason) -> {
        alarms.set(Alarm.BAD_PROMISE, true, "the hub sent a bad promise: " + reason);
        events.alarm("promise_refused", "refused: " + reason, Map.of());
      }
    }
  }

  private static SignedPromise parse(String data) {
    var body = JSON.readTree(data);
    return new SignedPromise(
        Address.of(body.path("payee").asString("")),
        Address.of(body.path("asset").asString("")),
        Amount.of(body.path("cumulative").asString("")),
        Signature.of(body.path("signature").asString("")),
        Address.of(body.path("key").asString("")),
        Optional.of(Address.of(body.path("vault").asString(""))));
  }

  @Override
  public void onBreak(String reason) {
    events.info("stream", "no stream: " + reason, Map.of());
  }

  // --- what the chain says ---

  boolean round() {
    var now = clock.instant();
    noteHearing();
    var held = book.notes().held();
    var sights = nodes.look(held.keys());
    alarms.set(Alarm.NO_NODE, sights.isEmpty(), "no node answers");
    alarms.set(
        Alarm.HUB_SILENT,
        hearing.unheard(now).compareTo(settings.policy().silence()) >= 0,
        "the hub is silent");
    if (sights.isEmpty()) return false;
    var first = sights.getFirst();
    noteDue(held, first.view(), now);

    Verdict verdict = new Verdict.Wait(Verdict.Quiet.COVERED, Amount.ZERO);
    var asking = first;
    for (var sight : sights) {
      var its = verdict(held, sight.view(), now);
      if (sight.equals(first) || Verdict.moreUrgent(verdict, its) == its) {
        verdict = its;
        asking = sight;
      }
    }
    ring(sights, verdict, now);
    tellNews(first.view());
    status =
        Optional.of(
            new Status(
                now,
                sights.size(),
                first.view(),
                held.highest(),
                verdict,
                first.node().rpc().balance(courier.account())));
    act(asking, verdict);
    return false;
  }

  private Verdict verdict(Held held, PayeeView view, Instant now) {
    var owed = book.notes().due().map(due -> due.age(now)).orElse(Duration.ZERO);
    return Verdict.of(held, view, settings.policy(), hearing.unheard(now), owed);
  }

  private void act(Nodes.Sight sight, Verdict verdict) {
    var terms = settings.terms();
    if (verdict instanceof Verdict.Redeem redeem) {
      var promise = redeem.promise();
      var data =
          PayeeReader.redeem(
              terms.payee(), terms.token(), promise.cumulative(), promise.signature());
      var what = "a redemption of %s (%s)".formatted(redeem.gain(), redeem.reason());
      courier.send(sight, what, data, redeem.shareOver(sight.view().time()));
    } else if (settings.withdraw() && !settings.policy().minimum().exceeds(sight.view().unpaid())) {
      var data = PayeeReader.withdrawFor(terms.payee(), terms.token());
      courier.send(sight, "a payment of " + sight.view().unpaid(), data, 0);
    }
  }

  private void noteHearing() {
    var heardAt = hearing.heardAt();
    var noted = book.notes().heardAt();
    if (noted.map(at -> Duration.between(at, heardAt).compareTo(NOTE_EVERY) >= 0).orElse(true)) {
      book.change(notes -> notes.heard(heardAt));
    }
  }

  private void noteDue(Held held, PayeeView view, Instant now) {
    var promised =
        held.best(view.keys(), view.time()).map(SignedPromise::cumulative).orElse(Amount.ZERO);
    book.change(notes -> notes.owed(Due.next(notes.due(), promised, view.credited(), now)));
  }

  private void ring(List<Nodes.Sight> sights, Verdict verdict, Instant now) {
    long youngest = sights.stream().mapToLong(sight -> sight.view().time()).max().orElse(0);
    alarms.set(
        Alarm.OLD_HEAD,
        Duration.between(Instant.ofEpochSecond(youngest), now).compareTo(OLD_HEAD) > 0,
        "the newest block is old");
    boolean agree =
        sights.size() == nodes.count()
            && sights.stream()
                .allMatch(sight -> near(sight.view().block(), sights.getFirst().view().block()));
    alarms.set(Alarm.NODES_DISAGREE, !agree, "not all nodes answer alike");
    var quiet = verdict instanceof Verdict.Wait wait ? Optional.of(wait.quiet()) : Optional.empty();
    alarms.set(
        Alarm.NO_KEY,
        quiet.equals(Optional.of(Verdict.Quiet.NO_KEY)),
        "the vault honours none of the keys that signed");
    alarms.set(
        Alarm.UNKNOWN_KEY,
        sights.getFirst().view().keys().values().stream().anyMatch(key -> key.from() == 0),
        "the vault does not know a key that signed");
    alarms.set(
        Alarm.UNKNOWN_PAYEE,
        quiet.equals(Optional.of(Verdict.Quiet.UNKNOWN_PAYEE)),
        "the vault was never told of the payee");
    alarms.set(
        Alarm.EMPTY_VAULT,
        quiet.equals(Optional.of(Verdict.Quiet.EMPTY_VAULT)),
        "the vault owes and has nothing free");
  }

  private static boolean near(long block, long head) {
    return head - block <= 5;
  }

  private void tellNews(PayeeView view) {
    if (lastView.isPresent()) {
      var last = lastView.get();
      if (view.credited().exceeds(last.credited())) {
        events.info("credited", "credited in all: " + view.credited(), Map.of());
      }
      if (view.paid().exceeds(last.paid())) {
        events.info("paid", "paid in all: " + view.paid(), Map.of());
      }
    }
    boolean isNewTake =
        view.takeAnnouncedAt() != 0
            && lastView.map(last -> last.takeAnnouncedAt() != view.takeAnnouncedAt()).orElse(true);
    if (isNewTake) {
      events.info(
          "take_announced",
          "the operator announced to take " + view.take(),
          Map.of("takeable_from", view.takeAnnouncedAt() + view.delay()));
    }
    lastView = Optional.of(view);
  }

  @Override
  public void close() {
    stream.close();
    loop.close();
    nodes.close();
    book.close();
  }
}
