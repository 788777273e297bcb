package millrace.payer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.X402Error;
import millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a hub answers, no request makes the payer sign more than its price on top of what it
/// had signed before.
class LyingHubTest {
  private static final Amount MAX_PAYMENT = Amount.of(3000);
  private static final Amount MAX_LOCKED = Amount.of(40_000);
  private static final int REQUESTS = Seeds.rounds(100, 500);
  private static final HttpRequest REQUEST =
      HttpRequest.newBuilder(URI.create("http://hub/x")).build();

  @ParameterizedTest
  @MethodSource("millrace.testkit.Seeds#stream")
  void noLieIsWorthMoreThanOnePrice(long seed) throws Exception {
    var hub = new LyingHub(new Random(seed));
    var random = new Random(seed + 1);
    var store = new MemoryStore();
    for (int i = 0; i < REQUESTS; i++) {
      if (random.nextInt(40) == 0) store = new MemoryStore(); // Its memory is lost.
      var chain =
          random.nextBoolean() ? Optional.of(new FakeChain(hub)) : Optional.<FakeChain>empty();
      var before = hub.highestSigned;
      hub.offered = Amount.ZERO;
      if (random.nextInt(10) == 0) {
        var _ = payer(hub, store, chain, seed + i).refund(REQUEST.uri(), Optional.empty());
        assertThat(hub.highestSigned).as("a refund signs nothing new").isEqualTo(before);
      } else {
        var _ = payer(hub, store, chain, seed + i).fetch(REQUEST);
        assertThat(hub.highestSigned.minus(before))
            .as("seed %s, request %s", seed, i)
            .isLessThanOrEqualTo(hub.offered);
      }
    }
    assertThat(hub.received).hasSizeGreaterThan(REQUESTS / 2);
  }

  @ParameterizedTest
  @MethodSource("millrace.testkit.Seeds#stream")
  void noLieLocksMoreThanTheLimit(long seed) throws Exception {
    var hub = new LyingHub(new Random(seed));
    var store = new MemoryStore();
    for (int i = 0; i < REQUESTS; i++) {
      // With the chain at hand, a lie about the balance is of no use.
      var _ = payer(hub, store, Optional.of(new FakeChain(hub)), seed + i).fetch(REQUEST);
      var locked = hub.balance.plus(hub.outstanding()).minusOrZero(hub.highestSigned);
      assertThat(locked).as("seed %s, request %s", seed, i).isLessThanOrEqualTo(MAX_LOCKED);
    }
  }

  /// The simplest lie: to refuse a voucher, and then claim that it was charged.
  @Test
  void aRefusedVoucherIsNotOwed() throws Exception {
    var hub =
        new FakeHub() {
          boolean lying;

          @Override
          Answer answer(PaymentPayload paid) throws IOException {
            if (!lying) return super.answer(paid);
            var voucher = paid.voucher();
            return corrective(
                state(voucher.voucher().channelId(), voucher.voucher().ceiling()), voucher);
          }
        };
    var store = new MemoryStore();
    var payer = payer(hub, store, Optional.empty(), 1);
    assertThat(payer.fetch(REQUEST)).isInstanceOf(Outcome.Paid.class);
    hub.lying = true;
    hub.received.clear();

    assertThat(payer.fetch(REQUEST))
        .isInstanceOfSatisfying(
            Outcome.Declined.class,
            declined -> assertThat(declined.objection()).isEqualTo(Objection.BELIED));

    assertThat(hub.received).hasSize(1);
    assertThat(store.all().getFirst().charged()).isEqualTo(Amount.of(1000));
  }

  @Test
  void aChargeAboveThePriceIsDisputedAndNotCounted() throws Exception {
    var hub =
        new FakeHub() {
          @Override
          Answer charge(
              millrace.protocol.type.Address signer,
              SignedVoucher voucher,
              Optional<Amount> deposited) {
            return receipt(
                state(voucher.voucher().channelId(), Amount.of(1001)), Amount.of(1001), deposited);
          }
        };
    var store = new MemoryStore();

    assertThat(payer(hub, store, Optional.empty(), 1).fetch(REQUEST))
        .isInstanceOf(Outcome.Disputed.class);

    assertThat(store.all().getFirst().charged()).isEqualTo(Amount.ZERO);
  }

  @Test
  void aReceiptThatDoesNotAddUpIsDisputedAndNotCounted() throws Exception {
    var hub =
        new FakeHub() {
          @Override
          Answer charge(
              millrace.protocol.type.Address signer,
              SignedVoucher voucher,
              Optional<Amount> deposited) {
            return receipt(
                state(voucher.voucher().channelId(), Amount.of(2000)), Amount.of(500), deposited);
          }
        };
    var store = new MemoryStore();

    assertThat(payer(hub, store, Optional.empty(), 1).fetch(REQUEST))
        .isInstanceOf(Outcome.Disputed.class);

    assertThat(store.all().getFirst().charged()).isEqualTo(Amount.ZERO);
  }

  private static Payer payer(FakeHub hub, PayerStore store, Optional<FakeChain> chain, long seed) {
    var builder =
        Payer.with(FakeHub.ALICE, SpendLimits.of(MAX_PAYMENT, MAX_LOCKED))
            .http(hub)
            .store(store)
            .clock(Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC))
            .random(new SeededRandom(seed))
            .resends(seed % 5 == 0 ? 1 : 0, Duration.ZERO);
    chain.ifPresent(builder::chain);
    return builder.build();
  }

  /// Answers in every way it can think of, and keeps every voucher it ever got.
  private static final class LyingHub extends FakeHub {
    private final Random random;
    private final List<SignedVoucher> vouchers = new ArrayList<>();
    private final Map<Bytes32, Amount> authorised = new LinkedHashMap<>();
    private final Set<Bytes32> used = new HashSet<>();
    Amount highestSigned = Amount.ZERO;

    /// The price of the last unpaid answer.
    Amount offered = Amount.ZERO;

    LyingHub(Random random) {
      this.random = random;
    }

    /// Authorisations that were not used yet.
    Amount outstanding() {
      return authorised.values().stream().reduce(Amount.ZERO, Amount::plus);
    }

    @Override
    Answer unpaid() {
      price = Amount.of(random.nextInt(20) == 0 ? 1_000_000 : 1 + random.nextInt(3500));
      minDeposit = Amount.of(random.nextInt(20) == 0 ? 100_000 : 1 + random.nextInt(20_000));
      offered = price;
      return super.unpaid();
    }

    @Override
    Answer answer(PaymentPayload paid) throws IOException {
      var voucher = paid.voucher();
      vouchers.add(voucher);
      highestSigned = highestSigned.max(voucher.voucher().ceiling());
      assertThat(offered).isLessThanOrEqualTo(MAX_PAYMENT);
      if (paid.payload() instanceof DepositPayload deposit) {
        var salt = deposit.deposit().salt();
        known = true;
        if (!used.contains(salt)) authorised.put(salt, deposit.deposit().amount());
      }
      // What was authorised may be used at once, later, or never.
      for (var salt : List.copyOf(authorised.keySet())) {
        if (random.nextBoolean() && used.add(salt)) balance = balance.plus(authorised.remove(salt));
      }
      if (random.nextInt(4) == 0) claimed = claimed.max(someAmount(highestSigned)).min(balance);
      return lie(paid, voucher);
    }

    private Answer lie(PaymentPayload paid, SignedVoucher voucher) throws IOException {
      return switch (random.nextInt(9)) {
        case 0 -> throw new IOException("gone");
        case 1 -> refused(anyError());
        case 2 -> reply(random.nextBoolean() ? 500 : 200, Map.of(), "");
        case 3 -> corrective(lyingState(voucher), vouchers.get(random.nextInt(vouchers.size())));
        case 4 -> corrective(lyingState(voucher), vouchers.getLast());
        case 5 -> corrective(lyingState(voucher), null);
        case 6 ->
            receipt(
                lyingState(voucher),
                someAmount(price.plus(price)),
                random.nextBoolean() ? Optional.of(someAmount(balance)) : Optional.empty());
        case 7 -> reply(200, Map.of(Headers.PAYMENT_RESPONSE, List.of("bm9uc2Vuc2U=")), "");
        default -> honest(paid, voucher);
      };
    }

    private X402Error anyError() {
      var all = List.of(X402Error.values());
      return all.get(random.nextInt(all.size()));
    }

    private Answer honest(PaymentPayload paid, SignedVoucher voucher) {
      charged = voucher.voucher().ceiling();
      return receipt(
          state(voucher),
          price,
          paid.payload() instanceof DepositPayload deposit
              ? Optional.of(deposit.deposit().amount())
              : Optional.empty());
    }

    private millrace.protocol.x402.ChannelState lyingState(SignedVoucher voucher) {
      var owed =
          switch (random.nextInt(4)) {
            case 0 -> voucher.voucher().ceiling();
            case 1 -> highestSigned;
            case 2 -> someAmount(highestSigned.plus(price).plus(price));
            default -> charged;
          };
      return state(voucher.voucher().channelId(), owed);
    }

    private Amount someAmount(Amount most) {
      return Amount.of(random.nextLong(most.units().longValueExact() + 1));
    }
  }

  /// Not random at all, so that a seed repeats a run.
  private static final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random;

    SeededRandom(long seed) {
      random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }
  }
}
