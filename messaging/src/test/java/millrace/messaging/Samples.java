package millrace.messaging;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.messaging.command.AccountOffView;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.BooksView;
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
import millrace.messaging.command.LedgerView;
import millrace.messaging.command.PayeeCommand;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutPlace;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent;
import millrace.messaging.event.SettlementEvent;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.FeeTerms;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Signature;

/// One of each event and command, the same at every run.
final class Samples {
  static final Instant AT = Instant.parse("2026-11-22T10:15:30.123456Z");
  static final ChannelId CHANNEL = ChannelId.of("0x" + "c1".repeat(32));
  static final Bytes32 TX = Bytes32.of("0x" + "7a".repeat(32));
  static final Bytes32 NONCE = Bytes32.of("0x" + "0e".repeat(32));
  static final Address TOKEN = address("70");
  static final Address PAYEE = address("9a");
  static final MerchantId MERCHANT = new MerchantId("mer_01j0merchant00000000000001");
  static final PaymentId PAYMENT = new PaymentId("pay_01j0payment000000000000001");
  static final PayoutId PAYOUT = new PayoutId("po_01j0payout0000000000000001");
  static final RefundId REFUND = new RefundId("re_01j0refund0000000000000001");
  static final Signature SIGNATURE = Signature.of("0x" + "11".repeat(32) + "22".repeat(32) + "1b");
  static final ChannelConfig CONFIG =
      new ChannelConfig(
          address("a1"),
          address("a2"),
          address("b1"),
          address("b1"),
          TOKEN,
          900,
          Bytes32.of("0x" + "5a".repeat(32)));
  static final SignedVoucher VOUCHER =
      new SignedVoucher(new Voucher(CHANNEL, Amount.of(1_500)), SIGNATURE);
  static final PendingWithdrawal WITHDRAWAL =
      new PendingWithdrawal(Amount.of(9_000), 1_795_000_900L, 77);
  static final ChainState STATE =
      new ChainState(
          78, Amount.of(10_000), Amount.of(400), BigInteger.TWO, Optional.of(WITHDRAWAL));
  static final ChannelView VIEW =
      new ChannelView(
          CHANNEL, Amount.of(10_000), Amount.of(400), 0, BigInteger.TWO, Amount.of(1_500));

  private Samples() {}

  static List<Event> events() {
    return Stream.of(channelEvents(), chainEvents(), settlementEvents(), guardEvents())
        .flatMap(events -> events)
        .toList();
  }

  private static Stream<Event> channelEvents() {
    return Stream.of(
        new ChannelEvent.DepositAuthorized(
            CHANNEL,
            CONFIG,
            NONCE,
            Amount.of(10_000),
            BigInteger.ZERO,
            // More than any reader that keeps numbers in floating point could hold.
            BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE),
            BigInteger.valueOf(42),
            SIGNATURE,
            AT),
        new ChannelEvent.ChannelOpened(CHANNEL, CONFIG, Amount.MAX, AT),
        new ChannelEvent.PaymentAccepted(
            PAYMENT,
            CHANNEL,
            CONFIG,
            MERCHANT,
            Amount.of(100),
            Amount.of(1_500),
            VOUCHER,
            15,
            "https://example.com/weather?q=Zürich",
            AT),
        new ChannelEvent.HoldPlaced(
            PAYMENT,
            CHANNEL,
            CONFIG,
            MERCHANT,
            Amount.of(100),
            Amount.of(1_500),
            Amount.of(1_400),
            VOUCHER,
            15,
            "/a",
            AT.plusSeconds(600),
            AT),
        new ChannelEvent.HoldEnded(PAYMENT, CHANNEL, MERCHANT, Amount.of(60), Amount.of(40), AT),
        new ChannelEvent.GiveBackRequested(
            REFUND, PAYMENT, CHANNEL, MERCHANT, PAYEE, TOKEN, Amount.of(40), Amount.of(2_900), AT),
        new ChannelEvent.GiveBackFailed(
            REFUND, PAYMENT, CHANNEL, MERCHANT, TOKEN, Amount.of(40), AT),
        new ChannelEvent.CreditGiven(
            REFUND,
            PAYMENT,
            CHANNEL,
            CONFIG,
            MERCHANT,
            Amount.of(40),
            Amount.of(1_500),
            Amount.of(1_460),
            VOUCHER,
            16,
            AT),
        new ChannelEvent.GiveBackSent(
            REFUND, PAYMENT, CHANNEL, MERCHANT, TOKEN, Amount.of(40), TX, AT),
        new ChannelEvent.DueChanged(
            CHANNEL, CONFIG, Amount.of(1_500), Amount.of(1_460), VOUCHER, 16, AT),
        new ChannelEvent.RefundAuthorized(
            REFUND, CHANNEL, CONFIG, VOUCHER, Amount.of(1_500), Amount.of(8_500), AT),
        new ChannelEvent.PayoutRequested(PAYOUT, MERCHANT, PAYEE, TOKEN, Amount.of(1_400), AT),
        new ChannelEvent.PayoutCancelRequested(PAYOUT, MERCHANT, AT),
        new ChannelEvent.MerchantEarned(MERCHANT, PAYEE, TOKEN, Amount.of(2_900), AT),
        new ChannelEvent.ChannelOverclaimed(CHANNEL, Amount.of(1_600), Amount.of(100), AT),
        new ChannelEvent.ChannelFrozen(CHANNEL, WITHDRAWAL, AT),
        new ChannelEvent.ChannelThawed(CHANNEL, AT),
        new ChannelEvent.ChannelClosed(CHANNEL, Amount.of(1_500), AT));
  }

  private static Stream<Event> chainEvents() {
    return Stream.of(
        new ChainEvent.ChannelStateSeen(CHANNEL, STATE),
        new ChainEvent.WithdrawalSeen(CHANNEL, WITHDRAWAL),
        new ChainEvent.DepositSeen(CHANNEL, Amount.of(500), Amount.of(10_500), TX, 80),
        new ChainEvent.HeadSeen(80, TX, 78, AT),
        new ChainEvent.SweepSeen(TOKEN, Amount.of(1_500), TX, 3, 78));
  }

  private static Stream<Event> settlementEvents() {
    var none = new ChainState(78, Amount.ZERO, Amount.ZERO, BigInteger.ZERO, Optional.empty());
    return Stream.of(
        new SettlementEvent.GiveBackGranted(REFUND, CHANNEL, MERCHANT),
        new SettlementEvent.GiveBackDenied(REFUND, CHANNEL, MERCHANT),
        new SettlementEvent.DepositConfirmed(CHANNEL, NONCE, TX, Amount.of(10_000), none),
        new SettlementEvent.DepositFailed(CHANNEL, NONCE, DepositFailure.EXPIRED, "too late"),
        new SettlementEvent.VoucherPublished(CHANNEL, Amount.of(1_500)),
        new SettlementEvent.ClaimConfirmed(
            5, TX, List.of(new SettlementEvent.ClaimedChannel(CHANNEL, Amount.of(1_500))), 91_000),
        new SettlementEvent.RefundConfirmed(REFUND, CHANNEL, Amount.of(8_500), TX, STATE),
        new SettlementEvent.RefundFailed(REFUND, CHANNEL, Amount.of(8_500), "reverted"),
        new SettlementEvent.PayoutConfirmed(PAYOUT, MERCHANT, PAYEE, TOKEN, Amount.of(1_400), TX),
        new SettlementEvent.PayoutFailed(PAYOUT, MERCHANT, TOKEN, Amount.of(1_400), "reverted"),
        new SettlementEvent.PayoutCanceled(PAYOUT, MERCHANT, TOKEN, Amount.of(1_400)),
        new SettlementEvent.PayoutCancelRefused(PAYOUT, MERCHANT),
        new SettlementEvent.PromiseIssued(
            PAYEE, TOKEN, Amount.of(2_800), SIGNATURE, address("4e"), AT),
        new SettlementEvent.CreditSeen(PAYEE, TOKEN, Amount.of(1_400), 79));
  }

  private static Stream<Event> guardEvents() {
    return Stream.of(
        new GuardEvent.VouchersGuarded(
            List.of(new GuardEvent.Guarded(CHANNEL, 15, Amount.of(1_500))), AT),
        new GuardEvent.WithdrawalAnswered(CHANNEL, Amount.of(1_500), Amount.of(1_500), TX, AT));
  }

  static List<Object> commands() {
    var request =
        new PaymentRequest(
            PAYMENT, MERCHANT, CONFIG, VOUCHER, Amount.of(100), "key-1", "fingerprint-1", "/a");
    var payout =
        new PayoutView(
            PAYOUT,
            MERCHANT,
            PAYEE,
            TOKEN,
            Amount.of(1_400),
            PayoutView.PayoutStatus.PAID,
            Optional.of(TX),
            AT);
    return List.of(
        new PaymentCommand.Charge(request),
        new PaymentCommand.Reserve(request, AT),
        new PaymentCommand.Hold(request, AT),
        new PaymentCommand.Capture(PAYMENT, CHANNEL, Amount.of(90)),
        new PaymentCommand.Release(PAYMENT, CHANNEL),
        new PaymentOutcome.Taken(PAYMENT, PaymentStatus.CHARGED, Amount.of(100), VIEW, false),
        new GiveBackCommand(
            REFUND, MERCHANT, PAYMENT, PAYEE, Optional.of(Amount.of(40)), "key-4", "print-4"),
        new GiveBackOutcome.Taken(
            new GiveBackView(
                REFUND,
                MERCHANT,
                PAYMENT,
                CHANNEL,
                TOKEN,
                Amount.of(40),
                GiveBackView.GiveBackStatus.SUCCEEDED,
                AT),
            true),
        new GiveBackOutcome.Refused(RefusalReason.REFUND_TOO_LARGE),
        new PayoutCancelCommand(PAYOUT, MERCHANT),
        new FeeCommand(MERCHANT, new FeeTerms(Amount.of(5), 250)),
        new FeeView(MERCHANT, new FeeTerms(Amount.of(5), 250)),
        new HoldEndCommand(PAYMENT, MERCHANT, Amount.of(60), "key-3", "print-3"),
        new HoldEndOutcome.Ended(
            new PaymentView(
                PAYMENT,
                MERCHANT,
                CHANNEL,
                TOKEN,
                Amount.of(60),
                PaymentStatus.CHARGED,
                "/a",
                false,
                AT,
                Optional.of(AT.plusSeconds(600))),
            true),
        new HoldEndOutcome.Refused(RefusalReason.HOLD_ENDED),
        new PaymentOutcome.Refused(
            RefusalReason.CUMULATIVE_MISMATCH, Optional.of(VIEW), Optional.of(VOUCHER)),
        new DepositCommand(
            CONFIG,
            VOUCHER,
            Amount.of(10_000),
            BigInteger.ZERO,
            BigInteger.valueOf(1_795_000_000L),
            BigInteger.TWO,
            SIGNATURE),
        new DepositOutcome.Confirmed(TX, Amount.of(10_000), VIEW),
        new DepositOutcome.Pending(NONCE),
        new DepositOutcome.Failed(DepositFailure.SIMULATION_FAILED, "reverted"),
        new DepositOutcome.Refused(RefusalReason.DEPOSIT_LIMIT),
        new RefundCommand(CONFIG, VOUCHER, Optional.of(Amount.of(8_500))),
        new RefundOutcome.Confirmed(REFUND, TX, Amount.of(8_500), VIEW),
        new RefundOutcome.Pending(REFUND),
        new RefundOutcome.Failed(REFUND, "reverted"),
        new RefundOutcome.Refused(
            RefusalReason.REFUND_TOO_SOON, Optional.of(VIEW), Optional.empty()),
        new PayoutCommand(
            PAYOUT, MERCHANT, PAYEE, TOKEN, Optional.of(Amount.of(1_400)), "key-2", "print-2"),
        new PayoutOutcome.Taken(payout, true),
        new PayoutOutcome.Refused(RefusalReason.INSUFFICIENT_FUNDS),
        new PayeeCommand(MERCHANT, PAYEE),
        new EarnedView(MERCHANT, Amount.of(2_900)),
        new BalanceView(TOKEN, Amount.of(10), Amount.of(20), Amount.of(30)),
        new LedgerView(
            TOKEN,
            number(-3),
            number(-2),
            number(-1),
            number(0),
            number(1),
            number(2),
            number(15),
            number(16),
            number(3),
            number(4),
            number(13),
            number(14),
            number(5),
            number(6),
            2,
            number(11),
            number(12)),
        new AccountOffView("MERCHANT", MERCHANT.value(), number(100), number(-7)),
        new BooksView(
            TOKEN,
            78,
            new BooksView.OnChain(
                Amount.of(1),
                Amount.of(2),
                Amount.of(3),
                Amount.of(4),
                Amount.of(5),
                Amount.of(6),
                Amount.of(7)),
            new BooksView.Kept(
                number(-1),
                number(2),
                3,
                number(4),
                number(5),
                number(6),
                number(7),
                number(8),
                number(9),
                number(10))),
        new ExposureView(
            TOKEN,
            Amount.of(100),
            Amount.of(1_000),
            Amount.of(70),
            List.of(new ExposureView.OfPayer(address("a1"), Amount.of(70)))),
        new PayoutPlace(MERCHANT, Amount.of(1_400), Amount.of(600)),
        new PaymentView(
            PAYMENT,
            MERCHANT,
            CHANNEL,
            TOKEN,
            Amount.of(100),
            PaymentStatus.CHARGED,
            "/a",
            true,
            AT,
            Optional.empty()),
        new ChannelStanding(
            CHANNEL,
            address("a1"),
            TOKEN,
            ChannelStanding.Status.FROZEN,
            Amount.of(1_000),
            Amount.of(100),
            Amount.of(400),
            Amount.of(390),
            Amount.of(10)));
  }

  private static BigInteger number(long value) {
    return BigInteger.valueOf(value);
  }

  private static Address address(String octet) {
    return Address.of("0x" + octet.repeat(20));
  }
}
