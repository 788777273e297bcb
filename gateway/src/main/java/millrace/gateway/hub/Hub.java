package millrace.gateway.hub;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.gateway.hub.HubConnection.HubContractException;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.AccountOffView;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.ChannelStanding;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.EarnedView;
import millrace.messaging.command.ExposureView;
import millrace.messaging.command.FeeCommand;
import millrace.messaging.command.FeeView;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.HoldSearch;
import millrace.messaging.command.LedgerView;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayeeCommand;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutPlace;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.PriceLimitView;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// channel-service as the rest of the gateway sees it. Every command carries a name of its own or a
/// key, so each call may be repeated; a call without an answer ends in a [HubException].
public final class Hub implements AutoCloseable {
  private static final JsonMapper JSON = MessagingJson.mapper();
  private static final int ATTEMPTS = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /// How long a replica that did not answer is left alone.
  private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

  /// With these a read lasts longer than that.
  private static final int READ_ATTEMPTS = 4;
  private static final Duration READ_PAUSE = Duration.ofMillis(400);

  private final HubSettings settings;
  private final Replicas replicas;
  private final PaymentBatcher batcher;
  private final Retry retry;
  private final Retry reads;

  public Hub(HubSettings settings, MeterRegistry metrics) {
    this.settings = settings;
    this.replicas =
        new Replicas(
            settings.url().stream()
                .map(url -> new HubConnection(url, breaker("channel-service", url, metrics)))
                .toList());
    this.retry =
        Retry.of(
            "channel-service",
            RetryConfig.custom()
                .maxAttempts(ATTEMPTS)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, 3))
                .retryOnException(failure -> failure instanceof HubException)
                .build());
    this.reads =
        Retry.of(
            "channel-service reads",
            RetryConfig.custom()
                .maxAttempts(READ_ATTEMPTS)
                .intervalFunction(IntervalFunction.ofRandomized(READ_PAUSE, 0.25))
                .retryOnException(Hub::neverLeft)
                .build());
    this.batcher = new PaymentBatcher(settings, this::payments, metrics);
  }

  public PaymentOutcome send(PaymentCommand command) {
    return batcher.send(command);
  }

  /// Commands that came together, decided in their order and answered in it.
  ///
  /// @param commands at most [#batchSize]
  public List<Reply> sendTogether(List<PaymentCommand> commands, Duration wait) {
    return batcher.sendTogether(commands, wait);
  }

  public int batchSize() {
    return settings.batchSize();
  }

  public Duration patience() {
    return settings.patience();
  }

  public DepositOutcome deposit(DepositCommand command, Duration wait) {
    return longPoll("/internal/deposits", command, wait, DepositOutcome.class);
  }

  public RefundOutcome refund(RefundCommand command, Duration wait) {
    return longPoll("/internal/refunds", command, wait, RefundOutcome.class);
  }

  public HoldEndOutcome endHold(HoldEndCommand command) {
    byte[] body = JSON.writeValueAsBytes(command);
    return read(post("/internal/holds", body), HoldEndOutcome.class);
  }

  public GiveBackOutcome giveBack(GiveBackCommand command, Duration wait) {
    return longPoll("/internal/give-backs", command, wait, GiveBackOutcome.class);
  }

  public Optional<GiveBackView> giveBack(RefundId id) {
    return get("/internal/give-backs/" + id).map(body -> read(body, GiveBackView.class));
  }

  public List<GiveBackView> giveBacks(MerchantId merchant, ListQuery query) {
    return get("/internal/merchants/" + merchant + "/give-backs?" + query.text())
        .map(body -> Arrays.asList(read(body, GiveBackView[].class)))
        .orElse(List.of());
  }

  public FeeView fee(MerchantId merchant) {
    return get("/internal/merchants/" + merchant + "/fee")
        .map(body -> read(body, FeeView.class))
        .orElseGet(() -> new FeeView(merchant, FeeTerms.NONE));
  }

  public FeeView charge(FeeCommand command) {
    return read(post("/internal/fees", JSON.writeValueAsBytes(command)), FeeView.class);
  }

  public PayoutOutcome cancel(PayoutCancelCommand command, Duration wait) {
    return longPoll("/internal/payout-cancellations", command, wait, PayoutOutcome.class);
  }

  public PayoutOutcome payout(PayoutCommand command) {
    byte[] body = JSON.writeValueAsBytes(command);
    return read(post("/internal/payouts", body), PayoutOutcome.class);
  }

  public Optional<PayoutView> payout(PayoutId id) {
    return get("/internal/payouts/" + id).map(body -> read(body, PayoutView.class));
  }

  public List<PayoutView> payouts(MerchantId merchant, ListQuery query) {
    return get("/internal/merchants/" + merchant + "/payouts?" + query.text())
        .map(body -> Arrays.asList(read(body, PayoutView[].class)))
        .orElse(List.of());
  }

  public List<BalanceView> balances(MerchantId merchant) {
    return get("/internal/merchants/" + merchant + "/balances")
        .map(body -> Arrays.asList(read(body, BalanceView[].class)))
        .orElse(List.of());
  }

  /// What each has earned, in the order asked for.
  ///
  /// @param merchants few enough for a query string
  public List<EarnedView> earned(List<MerchantId> merchants) {
    if (merchants.isEmpty()) return List.of();
    var ids = merchants.stream().map(MerchantId::value).collect(Collectors.joining(","));
    return get("/internal/earnings?merchants=" + ids)
        .map(body -> Arrays.asList(read(body, EarnedView[].class)))
        .orElse(List.of());
  }

  /// The ledger in a few figures.
  public LedgerView ledger() {
    return get("/internal/ledger")
        .map(body -> read(body, LedgerView.class))
        .orElseThrow(() -> new HubContractException("404 to /internal/ledger"));
  }

  /// Accounts that do not agree with the journal, which is read as a whole.
  public List<AccountOffView> accountsOff() {
    return get("/internal/ledger/accounts-off?limit=100")
        .map(body -> Arrays.asList(read(body, AccountOffView[].class)))
        .orElse(List.of());
  }

  public ExposureView exposure() {
    return get("/internal/exposure")
        .map(body -> read(body, ExposureView.class))
        .orElseThrow(() -> new HubContractException("404 to /internal/exposure"));
  }

  public PriceLimitView priceLimit() {
    return get("/internal/price-limit")
        .map(body -> read(body, PriceLimitView.class))
        .orElseThrow(() -> new HubContractException("404 to /internal/price-limit"));
  }

  public Optional<PayoutPlace> place(PayoutId id) {
    return get("/internal/payouts/" + id + "/place").map(body -> read(body, PayoutPlace.class));
  }

  public void tellPayees(List<PayeeCommand> payees) {
    post("/internal/payees", JSON.writeValueAsBytes(payees.toArray(PayeeCommand[]::new)));
  }

  public List<PaymentView> held(HoldSearch wanted) {
    byte[] body = JSON.writeValueAsBytes(wanted);
    return Arrays.asList(read(post("/internal/holds/search", body), PaymentView[].class));
  }

  public Optional<PaymentView> payment(PaymentId id) {
    return get("/internal/payments/" + id).map(body -> read(body, PaymentView.class));
  }

  public Optional<ChannelView> channel(ChannelId id) {
    return get("/internal/channels/" + id).map(body -> read(body, ChannelView.class));
  }

  /// Those of the channels that are known, in the order asked for.
  public List<ChannelStanding> standings(List<ChannelId> channels) {
    if (channels.isEmpty()) return List.of();
    byte[] body = JSON.writeValueAsBytes(channels.toArray(ChannelId[]::new));
    return Arrays.asList(read(post("/internal/channels/standings", body), ChannelStanding[].class));
  }

  @Override
  public void close() {
    batcher.close();
    replicas.close();
  }

  private List<PaymentOutcome> payments(List<PaymentCommand> commands) {
    byte[] body = JSON.writeValueAsBytes(commands.toArray(PaymentCommand[]::new));
    return Arrays.asList(read(post("/internal/payments", body), PaymentOutcome[].class));
  }

  private byte[] post(String path, byte[] body) {
    return repeated(connection -> connection.post(path, body, settings.callTimeout()));
  }

  /// Nothing depends on a read, so it may wait until a replica that is back is believed again: else
  /// whoever asks just after a restart is sent away from a hub that is up.
  private Optional<byte[]> get(String path) {
    try {
      return reads.executeSupplier(
          () -> repeated(connection -> connection.get(path, settings.callTimeout())));
    } catch (HubException unanswered) {
      throw HubException.notRead();
    }
  }

  private static boolean neverLeft(Throwable failure) {
    return failure instanceof HubException unanswered && unanswered.outcomeKnown();
  }

  private <T> T longPoll(String path, Object command, Duration wait, Class<T> type) {
    byte[] body = JSON.writeValueAsBytes(command);
    var timeout = settings.callTimeout().plus(wait);
    var target = path + "?waitMillis=" + wait.toMillis();
    return read(repeated(connection -> connection.post(target, body, timeout)), type);
  }

  /// What once was in doubt stays so until an answer comes, even if the last attempt never left.
  private <T> T repeated(Function<HubConnection, T> call) {
    boolean[] inDoubt = {false};
    var turn = replicas.turn();
    try {
      return retry.executeSupplier(
          () -> {
            try {
              return call.apply(turn.next());
            } catch (HubException failure) {
              inDoubt[0] |= !failure.outcomeKnown();
              throw failure;
            }
          });
    } catch (HubException failure) {
      throw inDoubt[0] ? HubException.inDoubt() : failure;
    }
  }

  private static <T> T read(byte[] body, Class<T> type) {
    try {
      return JSON.readValue(body, type);
    } catch (JacksonException notTheContract) {
      throw new HubContractException("unreadable " + type.getSimpleName(), notTheContract);
    }
  }

  static CircuitBreaker breaker(String service, URI url, MeterRegistry metrics) {
    var breaker =
        CircuitBreaker.of(
            service + " " + url,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(LEFT_ALONE)
                .permittedNumberOfCallsInHalfOpenState(2)
                .recordException(failure -> failure instanceof HubException)
                .build());
    metrics.gauge(
        "millrace.gateway." + service.replace('-', '_') + ".breaker_open",
        Tags.of("replica", url.toString()),
        breaker,
        state -> state.getState() == CircuitBreaker.State.CLOSED ? 0 : 1);
    return breaker;
  }
}
