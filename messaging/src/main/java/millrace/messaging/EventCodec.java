package millrace.messaging;

import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;
import millrace.messaging.event.ChainEvent;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent;
import millrace.messaging.event.SettlementEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Turns events into the JSON of their type and back. A type's name is for ever: a change that old
/// readers cannot follow gets a new one.
public final class EventCodec {
  private static final Map<Class<? extends Event>, String> TYPES =
      Map.ofEntries(
          Map.entry(ChannelEvent.DepositAuthorized.class, "millrace.channel.deposit_authorized.v1"),
          Map.entry(ChannelEvent.ChannelOpened.class, "millrace.channel.channel_opened.v1"),
          Map.entry(ChannelEvent.PaymentAccepted.class, "millrace.channel.payment_accepted.v1"),
          Map.entry(ChannelEvent.HoldPlaced.class, "millrace.channel.hold_placed.v1"),
          Map.entry(ChannelEvent.HoldEnded.class, "millrace.channel.hold_ended.v1"),
          Map.entry(
              ChannelEvent.GiveBackRequested.class, "millrace.channel.give_back_requested.v1"),
          Map.entry(ChannelEvent.CreditGiven.class, "millrace.channel.credit_given.v1"),
          Map.entry(ChannelEvent.GiveBackFailed.class, "millrace.channel.give_back_failed.v1"),
          Map.entry(ChannelEvent.GiveBackSent.class, "millrace.channel.give_back_sent.v1"),
          Map.entry(ChannelEvent.DueChanged.class, "millrace.channel.due_changed.v1"),
          Map.entry(
              SettlementEvent.GiveBackGranted.class, "millrace.settlement.give_back_granted.v1"),
          Map.entry(
              SettlementEvent.GiveBackDenied.class, "millrace.settlement.give_back_denied.v1"),
          Map.entry(ChannelEvent.RefundAuthorized.class, "millrace.channel.refund_authorized.v1"),
          Map.entry(ChannelEvent.PayoutRequested.class, "millrace.channel.payout_requested.v1"),
          Map.entry(
              ChannelEvent.PayoutCancelRequested.class,
              "millrace.channel.payout_cancel_requested.v1"),
          Map.entry(SettlementEvent.PayoutCanceled.class, "millrace.settlement.payout_canceled.v1"),
          Map.entry(
              SettlementEvent.PayoutCancelRefused.class,
              "millrace.settlement.payout_cancel_refused.v1"),
          Map.entry(ChannelEvent.MerchantEarned.class, "millrace.channel.merchant_earned.v1"),
          Map.entry(
              ChannelEvent.ChannelOverclaimed.class, "millrace.channel.channel_overclaimed.v1"),
          Map.entry(ChannelEvent.ChannelFrozen.class, "millrace.channel.channel_frozen.v1"),
          Map.entry(ChannelEvent.ChannelThawed.class, "millrace.channel.channel_thawed.v1"),
          Map.entry(ChannelEvent.ChannelClosed.class, "millrace.channel.channel_closed.v1"),
          Map.entry(ChainEvent.ChannelStateSeen.class, "millrace.chain.channel_state_seen.v1"),
          Map.entry(ChainEvent.WithdrawalSeen.class, "millrace.chain.withdrawal_seen.v1"),
          Map.entry(ChainEvent.DepositSeen.class, "millrace.chain.deposit_seen.v1"),
          Map.entry(ChainEvent.HeadSeen.class, "millrace.chain.head_seen.v1"),
          Map.entry(ChainEvent.SweepSeen.class, "millrace.chain.sweep_seen.v1"),
          Map.entry(
              SettlementEvent.DepositConfirmed.class, "millrace.settlement.deposit_confirmed.v1"),
          Map.entry(SettlementEvent.DepositFailed.class, "millrace.settlement.deposit_failed.v1"),
          Map.entry(
              SettlementEvent.VoucherPublished.class, "millrace.settlement.voucher_published.v1"),
          Map.entry(SettlementEvent.ClaimConfirmed.class, "millrace.settlement.claim_confirmed.v1"),
          Map.entry(
              SettlementEvent.RefundConfirmed.class, "millrace.settlement.refund_confirmed.v1"),
          Map.entry(SettlementEvent.RefundFailed.class, "millrace.settlement.refund_failed.v1"),
          Map.entry(
              SettlementEvent.PayoutConfirmed.class, "millrace.settlement.payout_confirmed.v1"),
          Map.entry(SettlementEvent.PayoutFailed.class, "millrace.settlement.payout_failed.v1"),
          Map.entry(SettlementEvent.PromiseIssued.class, "millrace.settlement.promise_issued.v1"),
          Map.entry(SettlementEvent.CreditSeen.class, "millrace.settlement.credit_seen.v1"),
          Map.entry(GuardEvent.VouchersGuarded.class, "millrace.guard.vouchers_guarded.v1"),
          Map.entry(GuardEvent.WithdrawalAnswered.class, "millrace.guard.withdrawal_answered.v1"));

  private static final Map<String, Class<? extends Event>> CLASSES =
      TYPES.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private final JsonMapper json = MessagingJson.mapper();

  public String typeOf(Event event) {
    var type = TYPES.get(event.getClass());
    if (type == null) throw new IllegalStateException("no type name for " + event.getClass());
    return type;
  }

  public String encode(Event event) {
    return json.writeValueAsString(event);
  }

  /// @throws UndecodableException when no event of ours has this name
  public Class<? extends Event> classOf(String type) throws UndecodableException {
    var known = CLASSES.get(type);
    if (known == null) throw new UndecodableException("unknown event type " + type);
    return known;
  }

  /// @throws UndecodableException when the type is unknown or the JSON is not of that type
  public Event decode(String type, byte[] body) throws UndecodableException {
    return decode(classOf(type), body);
  }

  /// @throws UndecodableException when the JSON is not of that type
  public <E extends Event> E decode(Class<E> type, byte[] body) throws UndecodableException {
    try {
      var event = json.readValue(body, type);
      if (event == null) throw new UndecodableException("the body is null");
      return event;
    } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
      throw new UndecodableException("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  /// CloudEvents' `source`: the service that owns the topic.
  public static URI sourceOf(String topic) {
    return URI.create(
        switch (topic) {
          case Topics.CHANNELS -> "/channel-service";
          case Topics.CHAIN, Topics.SETTLEMENT -> "/settlement-service";
          case Topics.GUARD -> "/watchtower-service";
          default -> throw new IllegalArgumentException("not a topic of ours: " + topic);
        });
  }
}
