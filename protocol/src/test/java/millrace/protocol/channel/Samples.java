package millrace.protocol.channel;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Input.RefundPolicy;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;

/// One channel of Alice's, and short words for what happens to it.
public final class Samples {
  public static final SigningKey ALICE = key(1);
  public static final SigningKey MALLORY = key(2);
  public static final Address VAULT = Address.of("0x" + "7a".repeat(20));
  public static final Address TOKEN = Address.of("0x" + "70".repeat(20));
  public static final ChannelsDomain DOMAIN =
      new ChannelsDomain(BigInteger.valueOf(31337), Address.of("0x" + "c0".repeat(20)));
  public static final ChannelConfig CONFIG =
      new ChannelConfig(ALICE.address(), ALICE.address(), VAULT, VAULT, TOKEN, 900, Bytes32.ZERO);
  public static final ChannelId ID = DOMAIN.channelId(CONFIG);

  static final RefundPolicy POLICY =
      new RefundPolicy(Amount.of(5), Duration.ofMinutes(10), Duration.ofDays(1));

  private Samples() {}

  public static SigningKey key(int number) {
    return SigningKey.of("0x" + "%064x".formatted(0x1000 + number));
  }

  public static Amount amount(long units) {
    return Amount.of(units);
  }

  public static SignedVoucher signed(SigningKey key, long ceiling) {
    var voucher = new Voucher(ID, Amount.of(ceiling));
    return new SignedVoucher(voucher, key.sign(DOMAIN.digest(voucher)));
  }

  public static VerifiedVoucher voucher(long ceiling) {
    return DOMAIN.verify(signed(ALICE, ceiling), CONFIG).orElseThrow();
  }

  static PaymentId payment(int number) {
    return new PaymentId("pay_%026d".formatted(number));
  }

  /// Seconds after a fixed time, long after any refund or payment.
  static Instant at(long seconds) {
    return Instant.parse("2030-01-01T00:00:00Z").plusSeconds(seconds);
  }

  public static Account account(long balance, long claimed, long charged) {
    return new Account(
        amount(balance),
        amount(claimed),
        amount(charged),
        Amount.ZERO,
        BigInteger.ZERO,
        7,
        Optional.of(signed(ALICE, charged)),
        Amount.ZERO,
        Optional.empty(),
        100,
        at(-3600),
        Instant.EPOCH,
        Optional.empty());
  }

  static Reservation hold(long ceiling, long price, long expiresAt) {
    return new Reservation(payment(1), signed(ALICE, ceiling), amount(price), at(expiresAt));
  }

  static Account held(Account account, long ceiling, long price, long expiresAt) {
    return account.reserve(Optional.of(hold(ceiling, price, expiresAt)));
  }

  /// A final block in which no withdrawal is pending.
  static ChainState state(long block, long balance, long claimed) {
    return new ChainState(
        block, amount(balance), amount(claimed), BigInteger.ZERO, Optional.empty());
  }

  static ChainState with(ChainState state, PendingWithdrawal withdrawal) {
    return new ChainState(
        state.block(),
        state.balance(),
        state.claimed(),
        state.refundNonce(),
        Optional.of(withdrawal));
  }

  static ChainState withNonce(ChainState state, long refundNonce) {
    return new ChainState(
        state.block(),
        state.balance(),
        state.claimed(),
        BigInteger.valueOf(refundNonce),
        state.withdrawal());
  }

  static PendingWithdrawal withdrawal(long block) {
    return new PendingWithdrawal(amount(10), block * 2 + 900, block);
  }

  static Accepted accepted(Decision decision) {
    if (decision instanceof Accepted accepted) return accepted;
    throw new AssertionError("expected acceptance, was " + decision);
  }
}
