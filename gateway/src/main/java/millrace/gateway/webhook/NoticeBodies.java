package millrace.gateway.webhook;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.metadata.Metadata;
import millrace.messaging.event.ChannelEvent.ChannelClosed;
import millrace.messaging.event.ChannelEvent.ChannelFrozen;
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.ChannelThawed;
import millrace.messaging.event.ChannelEvent.CreditGiven;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.GiveBackSent;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import tools.jackson.databind.json.JsonMapper;

/// What messages say: an envelope, and the object the event is about, in the words of the API.
final class NoticeBodies {
  private final JsonMapper json;
  private final boolean liveMode;
  private final HubTerms.Token token;

  NoticeBodies(JsonMapper json, boolean liveMode, HubTerms.Token token) {
    this.json = json;
    this.liveMode = liveMode;
    this.token = token;
  }

  /// @param data of the object, as JSON
  String envelope(String id, EventType type, Instant at, String data) {
    var envelope = new LinkedHashMap<String, Object>();
    envelope.put("id", id);
    envelope.put("type", type.wire());
    envelope.put("timestamp", stored(at).toString());
    envelope.put("livemode", liveMode);
    envelope.put("data", json.readTree(data));
    return json.writeValueAsString(envelope);
  }

  String of(PaymentAccepted event, Metadata metadata) {
    return payment(
        event.paymentId(),
        event.amount(),
        event.config().token(),
        event.channelId(),
        event.config().payer(),
        event.resource(),
        metadata,
        event.at());
  }

  String payment(
      PaymentId id,
      Amount amount,
      Address asset,
      ChannelId channel,
      Address payer,
      String resource,
      Metadata metadata,
      Instant at) {
    var data = object("payment", id);
    data.put("status", "succeeded");
    putMoney(data, "amount", amount, asset);
    data.put("channel", channel.toString());
    data.put("payer", payer.toString());
    data.put("resource", resource);
    data.put("metadata", metadata.values());
    data.put("created_at", stored(at).toString());
    return write(data);
  }

  /// Of an endpoint itself.
  String endpoint(String id, String status) {
    var data = object("webhook_endpoint", id);
    data.put("status", status);
    return write(data);
  }

  /// As exact as the database keeps it, and rounded as it rounds.
  static Instant stored(Instant at) {
    return at.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
  }

  String of(ChannelOpened event) {
    var data = object("channel", event.channelId());
    data.put("status", "open");
    data.put("payer", event.config().payer().toString());
    data.put("asset", event.config().token().toString());
    return write(data);
  }

  /// What was charged up to there is safe from the payer.
  String of(Guarded event) {
    var data = object("channel", event.channelId());
    putMoney(data, "guarded", event.charged(), token.address());
    return write(data);
  }

  /// Payments from it are refused from now on.
  String of(ChannelFrozen event) {
    var data = object("channel", event.channelId());
    data.put("status", "frozen");
    return write(data);
  }

  String of(ChannelThawed event) {
    var data = object("channel", event.channelId());
    data.put("status", "open");
    return write(data);
  }

  String of(ChannelClosed event) {
    var data = object("channel", event.channelId());
    data.put("status", "closed");
    return write(data);
  }

  String of(WithdrawalAnswered event) {
    var data = object("channel", event.channelId());
    data.put("status", "frozen");
    data.put("transaction", event.transaction().toString());
    return write(data);
  }

  String of(RefundConfirmed event) {
    var data = object("channel_refund", event.refundId());
    data.put("status", "succeeded");
    data.put("channel", event.channelId().toString());
    putMoney(data, "amount", event.amount(), token.address());
    data.put("transaction", event.transaction().toString());
    return write(data);
  }

  String of(RefundFailed event) {
    var data = object("channel_refund", event.refundId());
    data.put("status", "failed");
    data.put("channel", event.channelId().toString());
    putMoney(data, "amount", event.amount(), token.address());
    return write(data);
  }

  String of(GiveBackRequested event) {
    return write(
        refund(
            event.refundId(),
            "pending",
            event.method(),
            event.paymentId(),
            event.channelId(),
            event.amount(),
            event.token()));
  }

  String of(CreditGiven event) {
    return write(
        refund(
            event.refundId(),
            "succeeded",
            Optional.empty(),
            event.paymentId(),
            event.channelId(),
            event.amount(),
            event.config().token()));
  }

  String of(GiveBackSent event) {
    var data =
        refund(
            event.refundId(),
            "succeeded",
            Optional.of(GiveBackMethod.ON_CHAIN),
            event.paymentId(),
            event.channelId(),
            event.amount(),
            event.token());
    data.put("transaction", event.transaction().toString());
    return write(data);
  }

  String of(GiveBackFailed event) {
    var data =
        refund(
            event.refundId(),
            "failed",
            event.method(),
            event.paymentId(),
            event.channelId(),
            event.amount(),
            event.token());
    var reason = event.reason().orElse(GiveBackFailure.PROMISED);
    data.put("failure_reason", reason.name().toLowerCase(Locale.ROOT));
    return write(data);
  }

  private Map<String, Object> refund(
      RefundId id,
      String status,
      Optional<GiveBackMethod> method,
      PaymentId payment,
      ChannelId channel,
      Amount amount,
      Address asset) {
    var data = object("refund", id);
    data.put("status", status);
    data.put("method", method.orElse(GiveBackMethod.CREDIT).name().toLowerCase(Locale.ROOT));
    data.put("payment", payment.toString());
    data.put("channel", channel.toString());
    putMoney(data, "amount", amount, asset);
    return data;
  }

  String of(PayoutConfirmed event) {
    var data = object("payout", event.payoutId());
    data.put("status", "paid");
    putMoney(data, "amount", event.amount(), event.token());
    data.put("payee", event.payee().toString());
    data.put("transaction", event.transaction().toString());
    return write(data);
  }

  String of(PayoutCanceled event) {
    var data = object("payout", event.payoutId());
    data.put("status", "canceled");
    putMoney(data, "amount", event.amount(), event.token());
    return write(data);
  }

  String of(PayoutFailed event) {
    var data = object("payout", event.payoutId());
    data.put("status", "failed");
    putMoney(data, "amount", event.amount(), event.token());
    return write(data);
  }

  /// An amount never goes without what it is counted in.
  private void putMoney(Map<String, Object> data, String field, Amount amount, Address asset) {
    data.put(field, amount.toString());
    data.put("asset", asset.toString());
    data.put("decimals", token.decimals());
  }

  private String write(Map<String, Object> data) {
    return json.writeValueAsString(data);
  }

  private static Map<String, Object> object(String kind, Object id) {
    var data = new LinkedHashMap<String, Object>();
    data.put("object", kind);
    data.put("id", id.toString());
    return data;
  }
}
