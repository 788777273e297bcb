package millrace.payer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentIdentifier;
import millrace.protocol.x402.PaymentRequirements;

/// Pays for what a server answers with 402, from one channel per hub, within limits. Safe for use
/// by many threads; payments from one channel go one after the other.
///
/// ```java
/// var payer = Payer.with(key, SpendLimits.of(Amount.of(10_000), Amount.of(1_000_000)))
///     .store(FileStore.in(directory))
///     .build();
/// switch (payer.fetch(HttpRequest.newBuilder(uri).build())) {
///   case Outcome.Paid(var answer, var receipt) -> …
/// }
/// ```
public final class Payer {
  private final Settings settings;

  private Payer(Settings settings) {
    this.settings = settings;
  }

  public static Builder with(SigningKey key, SpendLimits limits) {
    return new Builder(PayerKeys.of(key), limits);
  }

  /// How a payer is made. Without more it remembers in memory only and has no chain.
  public static final class Builder {
    private static final int RESENDS = 2;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private PayerKeys keys;
    private final SpendLimits limits;
    private PayerStore store = new MemoryStore();
    private Optional<Http> http = Optional.empty();
    private Optional<PayerChain> chain = Optional.empty();
    private Clock clock = Clock.systemUTC();
    private SecureRandom random = new SecureRandom();
    private Bytes32 salt = Bytes32.ZERO;
    private int resends = RESENDS;
    private Duration pause = PAUSE;

    private Builder(PayerKeys keys, SpendLimits limits) {
      this.keys = keys;
      this.limits = limits;
    }

    /// Another key for vouchers than for deposits, or another deployment of the contracts.
    public Builder keys(PayerKeys other) {
      keys = other;
      return this;
    }

    public Builder store(PayerStore other) {
      store = other;
      return this;
    }

    public Builder http(Http other) {
      http = Optional.of(other);
      return this;
    }

    /// Lets it check what hubs say, and leave without them.
    public Builder chain(PayerChain other) {
      chain = Optional.of(other);
      return this;
    }

    public Builder clock(Clock other) {
      clock = other;
      return this;
    }

    public Builder random(SecureRandom other) {
      random = other;
      return this;
    }

    /// Channels of their own on terms that are equal otherwise.
    public Builder salt(Bytes32 other) {
      salt = other;
      return this;
    }

    /// How often a payment that got no answer is sent again, as it was, and after which pause.
    public Builder resends(int count, Duration interval) {
      resends = count;
      pause = interval;
      return this;
    }

    public Payer build() {
      return new Payer(
          new Settings(
              keys,
              limits,
              store,
              http.orElseGet(JdkHttp::new),
              chain,
              clock,
              random,
              salt,
              resends,
              pause));
    }
  }

  public Address address() {
    return settings.keys().payer().address();
  }

  /// Sends the request and pays when it is asked to.
  public Outcome fetch(HttpRequest request) throws InterruptedException {
    return fetch(request, settings.freshIdentifier());
  }

  /// @param identifier the caller's own name for this purchase: with the same one it is bought
  ///     once, however often it is asked for
  public Outcome fetch(HttpRequest request, PaymentIdentifier identifier)
      throws InterruptedException {
    return fetch(request, identifier, Optional.empty());
  }

  /// Pays for the request and puts `amount` into the channel on the way.
  public Outcome topUp(HttpRequest request, Amount amount) throws InterruptedException {
    return fetch(request, settings.freshIdentifier(), Optional.of(amount));
  }

  private Outcome fetch(HttpRequest request, PaymentIdentifier identifier, Optional<Amount> wished)
      throws InterruptedException {
    try {
      return switch (Offer.ask(settings, Requests.unpaid(request))) {
        case Offer.Free(var answer) -> new Outcome.Free(answer);
        case Offer.Declined(var objection, var detail) -> new Outcome.Declined(objection, detail);
        case Offer.Found(var required, var offer) -> {
          try (var _ = settings.store().hold(channelOf(offer))) {
            var beginning = new Beginning(settings, request, required, offer);
            yield switch (beginning.remembered()) {
              case Beginning.Result.Answered(var answer) -> new Outcome.Unconfirmed(answer);
              case Beginning.Result.Doubted(var why) -> new Outcome.Declined(Objection.BELIED, why);
              case Beginning.Result.Known(var channel) ->
                  new Handshake(settings, request, required, offer, identifier, wished)
                      .pay(channel);
            };
          }
        }
      };
    } catch (IOException lost) {
      return new Outcome.Unanswered(lost);
    }
  }

  /// Asks the hub behind a URL for what is unspent.
  ///
  /// @param amount empty for everything
  public RefundResult refund(URI uri, Optional<Amount> amount) throws InterruptedException {
    try {
      return switch (Offer.ask(settings, Requests.get(uri))) {
        case Offer.Free(_) ->
            new RefundResult.Declined(Objection.NO_OFFER, "the URL asks for no payment");
        case Offer.Declined(var objection, var detail) ->
            new RefundResult.Declined(objection, detail);
        case Offer.Found(var required, var offer) -> {
          try (var _ = settings.store().hold(channelOf(offer))) {
            yield new Refunding(settings, Requests.get(uri), required, offer, amount).run();
          }
        }
      };
    } catch (IOException lost) {
      return new RefundResult.Unanswered(lost);
    }
  }

  /// Forgets what is remembered of the channel behind a URL and finds out anew where it stands, by
  /// what the chain and the payer's own vouchers prove. For a payer that lost its store or had it
  /// restored from an old copy.
  public Recovery recover(URI uri) throws InterruptedException {
    try {
      return switch (Offer.ask(settings, Requests.get(uri))) {
        case Offer.Free(_) -> new Recovery.Failed("the URL asks for no payment");
        case Offer.Declined(var objection, var detail) ->
            new Recovery.Failed(objection.text() + " " + detail);
        case Offer.Found(var required, var offer) -> {
          try (var _ = settings.store().hold(channelOf(offer))) {
            var beginning = new Beginning(settings, Requests.get(uri), required, offer);
            yield switch (beginning.asked()) {
              case Beginning.Result.Answered(var answer) ->
                  new Recovery.Failed("the hub answered " + answer.status());
              case Beginning.Result.Doubted(var why) -> new Recovery.Failed(why);
              case Beginning.Result.Known(var channel) -> new Recovery.Recovered(channel);
            };
          }
        }
      };
    } catch (IOException lost) {
      return new Recovery.Failed(lost.toString());
    }
  }

  /// Everything this payer remembers.
  public List<PayerChannel> channels() {
    return settings.store().all();
  }

  /// The same after a look at the chain.
  public Optional<PayerChannel> refresh(ChannelId id) throws IOException, InterruptedException {
    try (var _ = settings.store().hold(id)) {
      var stored = settings.store().load(id);
      if (stored.isEmpty() || settings.chain().isEmpty()) return stored;
      var seen = stored.get().seenOnChain(settings.chain().get().read(id));
      settings.store().save(seen);
      return Optional.of(seen);
    }
  }

  /// Announces on chain, without the hub, that the payer takes its money back, and stops paying
  /// from the channel.
  ///
  /// @param amount empty for all that is not owed
  public Withdrawal initiateWithdraw(ChannelId id, Optional<Amount> amount)
      throws InterruptedException {
    return withdrawal(
        id,
        (chain, channel) -> {
          var onChain = chain.read(id);
          var wanted = amount.orElseGet(() -> channel.seenOnChain(onChain).available());
          if (wanted.isZero()) return new Withdrawal.Declined(Objection.NOTHING_LEFT);
          // Stop paying before the announcement: what is spent after it would be a fraud.
          settings.store().save(channel.withdrawn(true));
          var transaction = chain.initiateWithdraw(channel.config(), wanted);
          return new Withdrawal.Initiated(
              wanted, transaction, channel.config().withdrawDelaySeconds());
        });
  }

  /// Takes the announced money out once the delay is over.
  public Withdrawal finalizeWithdraw(ChannelId id) throws InterruptedException {
    return withdrawal(
        id,
        (chain, channel) -> {
          var before = chain.read(id).balance();
          var transaction = chain.finalizeWithdraw(channel.config());
          var after = chain.read(id);
          settings.store().save(channel.seenOnChain(after));
          return new Withdrawal.Finalized(before.minusOrZero(after.balance()), transaction);
        });
  }

  private Withdrawal withdrawal(ChannelId id, OnChainStep step) throws InterruptedException {
    if (settings.chain().isEmpty()) return new Withdrawal.Declined(Objection.CHAIN_UNKNOWN);
    try (var _ = settings.store().hold(id)) {
      var channel = settings.store().load(id);
      if (channel.isEmpty()) return new Withdrawal.Declined(Objection.NO_CHANNEL);
      return step.on(settings.chain().get(), channel.get());
    } catch (IOException failed) {
      return new Withdrawal.Failed(failed);
    }
  }

  private ChannelId channelOf(PaymentRequirements offer) {
    var config = settings.keys().channelFor(offer, settings.salt());
    return settings.channelId(offer.network(), config);
  }

  @FunctionalInterface
  private interface OnChainStep {
    Withdrawal on(PayerChain chain, PayerChannel channel) throws IOException;
  }
}
