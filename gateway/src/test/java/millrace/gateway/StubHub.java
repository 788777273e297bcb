package millrace.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.ExposureView;
import millrace.messaging.command.FeeCommand;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.HoldSearch;
import millrace.messaging.command.PayeeCommand;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PriceLimitView;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import tools.jackson.databind.json.JsonMapper;

/// Answers in channel-service's place over real HTTP, with just enough rules to be paid by, and
/// fails when told to. What the real one does is tested with the real one.
final class StubHub implements AutoCloseable {
  static final Amount BALANCE = Amount.of(1_000_000);

  private static final JsonMapper JSON = MessagingJson.mapper();

  private final HubTerms terms;
  private final HttpServer server;
  private final Map<ChannelId, Amount> charged = new HashMap<>();
  private final Map<ChannelId, SignedVoucher> newest = new HashMap<>();
  private final Map<PaymentId, PaymentRequest> reserved = new HashMap<>();
  private final Map<PaymentId, PaymentView> payments = new HashMap<>();
  private final Map<String, PaymentOutcome.Taken> byKey = new HashMap<>();

  /// How channels stand, for those who are paid from them.
  final StubChannels channels;

  /// What merchants have, take and give back.
  final StubMoney money;

  /// Everything that arrived, in order.
  final List<PaymentCommand> commands = new CopyOnWriteArrayList<>();

  /// Looked at before a command is performed: an HTTP status to answer with instead.
  volatile Function<PaymentCommand, Optional<Integer>> before = _ -> Optional.empty();

  /// Looked at after a command was performed, as if the answer got lost.
  volatile Function<PaymentCommand, Optional<Integer>> after = _ -> Optional.empty();

  /// So many payments are refused because the watchtower is behind.
  final AtomicInteger behind = new AtomicInteger();

  volatile Function<DepositCommand, DepositOutcome> deposits =
      command -> new DepositOutcome.Confirmed(Bytes32.ZERO, command.amount(), view(command));

  volatile Function<RefundCommand, RefundOutcome> refunds =
      _ -> {
        throw new IllegalStateException("no refund expected");
      };

  StubHub(HubTerms terms) throws IOException {
    this.terms = terms;
    channels = new StubChannels(terms.token().address(), BALANCE);
    money = new StubMoney(terms.token().address(), this::payment);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void forget() {
    commands.clear();
    behind.set(0);
    before = _ -> Optional.empty();
    after = _ -> Optional.empty();
  }

  <T extends PaymentCommand> List<T> received(Class<T> type) {
    return commands.stream().filter(type::isInstance).map(type::cast).toList();
  }

  synchronized Amount charged(ChannelId channel) {
    return charged.getOrDefault(channel, Amount.ZERO);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      switch (path) {
        case "/internal/payments" -> pay(exchange, JSON.readValue(body, PaymentCommand[].class));
        case "/internal/deposits" ->
            send(exchange, deposits.apply(JSON.readValue(body, DepositCommand.class)));
        case "/internal/give-backs" ->
            send(exchange, money.giveBack(JSON.readValue(body, GiveBackCommand.class)));
        case "/internal/payout-cancellations" ->
            send(exchange, money.cancel(JSON.readValue(body, PayoutCancelCommand.class)));
        case "/internal/fees" ->
            send(exchange, money.charge(JSON.readValue(body, FeeCommand.class)));
        case "/internal/holds" ->
            send(exchange, endHold(JSON.readValue(body, HoldEndCommand.class)));
        case "/internal/holds/search" ->
            send(exchange, held(JSON.readValue(body, HoldSearch.class)));
        case "/internal/refunds" ->
            send(exchange, refunds.apply(JSON.readValue(body, RefundCommand.class)));
        case "/internal/payouts" -> {
          if (money.payoutsAway) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            send(exchange, money.payout(JSON.readValue(body, PayoutCommand.class)));
          }
        }
        case "/internal/channels/standings" ->
            send(exchange, channels.standings(JSON.readValue(body, ChannelId[].class)));
        case "/internal/payees" ->
            send(exchange, money.know(JSON.readValue(body, PayeeCommand[].class)));
        case "/internal/earnings" ->
            send(exchange, money.earned(exchange.getRequestURI().getQuery()));
        default -> read(exchange, path.split("/", -1));
      }
    }
  }

  private void pay(HttpExchange exchange, PaymentCommand[] batch) throws IOException {
    commands.addAll(Arrays.asList(batch));
    for (var command : batch) {
      var status = before.apply(command);
      if (status.isPresent()) {
        exchange.sendResponseHeaders(status.get(), -1);
        return;
      }
    }
    List<PaymentOutcome> outcomes = new ArrayList<>();
    for (var command : batch) outcomes.add(decide(command));
    for (var command : batch) {
      var status = after.apply(command);
      if (status.isPresent()) {
        exchange.sendResponseHeaders(status.get(), -1);
        return;
      }
    }
    send(exchange, outcomes.toArray(PaymentOutcome[]::new));
  }

  private void read(HttpExchange exchange, String[] path) throws IOException {
    var found =
        switch (path[2]) {
          case "payments" -> Optional.ofNullable(payments.get(new PaymentId(path[3])));
          case "payouts" -> path.length > 4 ? money.place(path[3]) : money.payout(path[3]);
          case "price-limit" -> Optional.of(new PriceLimitView(money.priceLimit, "per-payer"));
          case "exposure" -> Optional.of(exposure());
          case "give-backs" -> money.giveBack(path[3]);
          case "merchants" ->
              Optional.of(
                  money.ofMerchant(
                      new MerchantId(path[3]), path[4], exchange.getRequestURI().getQuery()));
          default -> Optional.empty();
        };
    if (found.isPresent()) {
      send(exchange, found.get());
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private Object exposure() {
    return new ExposureView(
        terms.token().address(), Amount.of(5), Amount.of(50), Amount.of(7), List.of());
  }

  private synchronized Optional<PaymentView> payment(PaymentId id) {
    return Optional.ofNullable(payments.get(id));
  }

  /// As if another gateway had asked.
  void perform(PaymentCommand command) {
    if (decide(command) instanceof PaymentOutcome.Refused refused) {
      throw new IllegalStateException("refused: " + refused);
    }
  }

  private synchronized PaymentOutcome decide(PaymentCommand command) {
    return switch (command) {
      case PaymentCommand.Charge(var request) -> take(request, true);
      case PaymentCommand.Reserve(var request, _) -> take(request, false);
      case PaymentCommand.Hold(var request, var until) -> hold(take(request, true), until);
      case PaymentCommand.Capture(var id, _, var amount) -> capture(id, amount);
      case PaymentCommand.Release(var id, _) -> release(id);
    };
  }

  private PaymentOutcome take(PaymentRequest request, boolean charge) {
    var channel = request.voucher().voucher().channelId();
    if (terms.domain().verify(request.voucher(), request.config().payerAuthorizer()).isEmpty()) {
      return PaymentOutcome.Refused.because(RefusalReason.VOUCHER_SIGNATURE);
    }
    var earlier = byKey.get(request.merchantId() + request.idempotencyKey());
    if (earlier != null) {
      return new PaymentOutcome.Taken(
          earlier.id(), earlier.status(), earlier.amount(), earlier.channel(), true);
    }
    if (reserved.containsKey(request.id())) return taken(request, PaymentStatus.RESERVED, true);
    for (var other : reserved.values()) {
      if (other.idempotencyKey().equals(request.idempotencyKey())) {
        return PaymentOutcome.Refused.because(RefusalReason.IN_FLIGHT);
      }
      if (other.voucher().voucher().channelId().equals(channel)) {
        return refused(RefusalReason.BUSY, channel);
      }
    }
    var ceiling = request.voucher().voucher().ceiling();
    if (!ceiling.equals(charged(channel).plus(request.price()))) {
      return refused(RefusalReason.CUMULATIVE_MISMATCH, channel);
    }
    if (ceiling.exceeds(BALANCE)) return refused(RefusalReason.EXCEEDS_BALANCE, channel);
    if (money.priceLimit.filter(request.price()::exceeds).isPresent()) {
      return PaymentOutcome.Refused.because(RefusalReason.PRICE_ABOVE_LIMIT);
    }
    if (behind.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return PaymentOutcome.Refused.because(RefusalReason.TOWER_BEHIND);
    }
    reserved.put(request.id(), request);
    return charge
        ? capture(request.id(), request.price())
        : taken(request, PaymentStatus.RESERVED, false);
  }

  private PaymentOutcome capture(PaymentId id, Amount amount) {
    var request = reserved.remove(id);
    if (request == null) {
      return byKey.values().stream()
          .filter(taken -> taken.id().equals(id))
          .<PaymentOutcome>map(taken -> taken)
          .findFirst()
          .orElse(PaymentOutcome.Refused.because(RefusalReason.NO_RESERVATION));
    }
    var channel = request.voucher().voucher().channelId();
    charged.put(channel, charged(channel).plus(amount));
    newest.put(channel, request.voucher());
    var taken = new PaymentOutcome.Taken(id, PaymentStatus.CHARGED, amount, view(channel), false);
    byKey.put(request.merchantId() + request.idempotencyKey(), taken);
    payments.put(
        id,
        new PaymentView(
            id,
            request.merchantId(),
            channel,
            terms.token().address(),
            amount,
            PaymentStatus.CHARGED,
            request.resource(),
            false,
            Instant.now(),
            Optional.empty()));
    return taken;
  }

  private PaymentOutcome hold(PaymentOutcome outcome, Instant until) {
    if (!(outcome instanceof PaymentOutcome.Taken taken)) return outcome;
    var view = Objects.requireNonNull(payments.get(taken.id()));
    if (!taken.replayed()) payments.put(taken.id(), with(view, PaymentStatus.HELD, until));
    return new PaymentOutcome.Taken(
        taken.id(),
        PaymentStatus.HELD,
        taken.amount(),
        taken.channel(),
        taken.replayed(),
        Optional.empty(),
        Optional.of(until));
  }

  private static PaymentView with(PaymentView view, PaymentStatus status, Instant until) {
    return new PaymentView(
        view.id(),
        view.merchantId(),
        view.channelId(),
        view.token(),
        view.amount(),
        status,
        view.resource(),
        view.guarded(),
        view.createdAt(),
        Optional.of(until));
  }

  private synchronized PaymentView[] held(HoldSearch wanted) {
    return payments.values().stream()
        .filter(view -> view.status() == PaymentStatus.HELD)
        .filter(view -> view.merchantId().equals(wanted.merchantId()))
        .filter(view -> view.id().value().compareTo(wanted.before()) < 0)
        .sorted(Comparator.comparing((PaymentView view) -> view.id().value()).reversed())
        .limit(wanted.limit())
        .toArray(PaymentView[]::new);
  }

  private synchronized HoldEndOutcome endHold(HoldEndCommand command) {
    var view = payments.get(command.id());
    if (view == null
        || !view.merchantId().equals(command.merchantId())
        || view.expiresAt().isEmpty()) {
      return new HoldEndOutcome.Refused(RefusalReason.HOLD_NOT_FOUND);
    }
    if (view.status() != PaymentStatus.HELD) {
      return new HoldEndOutcome.Refused(RefusalReason.HOLD_ENDED);
    }
    if (command.captured().exceeds(view.amount())) {
      return new HoldEndOutcome.Refused(RefusalReason.CAPTURE_TOO_LARGE);
    }
    var ended = command.captured().isZero() ? PaymentStatus.CANCELED : PaymentStatus.CHARGED;
    var next = with(view, ended, view.expiresAt().get());
    payments.put(view.id(), next);
    return new HoldEndOutcome.Ended(next, false);
  }

  private PaymentOutcome release(PaymentId id) {
    var request = reserved.remove(id);
    return request == null
        ? PaymentOutcome.Refused.because(RefusalReason.NO_RESERVATION)
        : taken(request, PaymentStatus.RELEASED, false);
  }

  /// As if its time were over.
  synchronized void expire(PaymentId id) {
    reserved.remove(id);
  }

  private PaymentOutcome.Taken taken(
      PaymentRequest request, PaymentStatus status, boolean replayed) {
    var channel = request.voucher().voucher().channelId();
    return new PaymentOutcome.Taken(request.id(), status, request.price(), view(channel), replayed);
  }

  private PaymentOutcome refused(RefusalReason reason, ChannelId channel) {
    return new PaymentOutcome.Refused(
        reason, Optional.of(view(channel)), Optional.ofNullable(newest.get(channel)));
  }

  private ChannelView view(DepositCommand command) {
    return view(command.voucher().voucher().channelId());
  }

  synchronized ChannelView view(ChannelId channel) {
    return new ChannelView(channel, BALANCE, Amount.ZERO, 0, BigInteger.ZERO, charged(channel));
  }

  private static void send(HttpExchange exchange, Object body) {
    try {
      byte[] bytes = JSON.writeValueAsBytes(body);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
