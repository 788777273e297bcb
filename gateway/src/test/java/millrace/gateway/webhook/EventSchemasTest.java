package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.metadata.Metadata;
import millrace.messaging.MessagingJson;
import millrace.messaging.event.ChannelEvent.ChannelClosed;
import millrace.messaging.event.ChannelEvent.ChannelFrozen;
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.ChannelThawed;
import millrace.messaging.event.ChannelEvent.CreditGiven;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.GiveBackSent;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.HubTerms;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is sent keeps to the schemas that are published.
class EventSchemasTest {
  private static final Instant AT = Instant.parse("2026-11-29T12:00:00.123456789Z");
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "5f".repeat(32));
  private static final Address SOMEBODY = Address.of("0x" + "90".repeat(20));
  private static final Bytes32 TX = Bytes32.of("0x" + "a1".repeat(32));
  private static final MerchantId MERCHANT = new MerchantId("mer_" + "0".repeat(26));
  private static final PaymentId PAYMENT = new PaymentId("pay_" + "0".repeat(26));
  private static final RefundId REFUND = new RefundId("re_" + "0".repeat(26));
  private static final Amount AMOUNT = Amount.of(5);
  private static final ChainState STATE =
      new ChainState(1, AMOUNT, AMOUNT, BigInteger.ONE, Optional.empty());
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final NoticeBodies BODIES =
      new NoticeBodies(
          MessagingJson.strict(), false, new HubTerms.Token(SOMEBODY, "USD Coin", "2", 6, "USDC"));
  private static final Map<EventType, String> DATA = data();

  @ParameterizedTest
  @EnumSource(EventType.class)
  void everyTypeIsSentAsItsSchemaSays(EventType type) {
    var body = BODIES.envelope("evt_" + "0".repeat(26), type, AT, data(type));
    assertThat(EventSchemas.faults(body)).as(body).isEmpty();
  }

  /// A receiver need not know the token by heart.
  @ParameterizedTest
  @EnumSource(EventType.class)
  void anAmountSaysWhatItIsCountedIn(EventType type) {
    var data = JSON.readTree(BODIES.envelope("evt_0", type, AT, data(type))).get("data");
    if (!data.has("amount") && !data.has("guarded")) return;
    assertThat(data.get("asset").stringValue()).isEqualTo(SOMEBODY.toString());
    assertThat(data.get("decimals").intValue()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void theExampleOfATypeHasTheFieldsThatAreSent(EventType type) {
    var example = EventSchemas.example(type.wire());
    assertThat(EventSchemas.faults(example)).isEmpty();
    var sent = JSON.readTree(BODIES.envelope("evt_0", type, AT, data(type)));
    assertThat(JSON.readTree(example).propertyNames())
        .containsExactlyElementsOf(sent.propertyNames());
    assertThat(JSON.readTree(example).get("data").propertyNames())
        .containsExactlyElementsOf(sent.get("data").propertyNames());
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void aSchemaNoticesWhatIsMissing(EventType type) {
    for (var name : JSON.readTree(EventSchemas.example(type.wire())).get("data").propertyNames()) {
      var example = (ObjectNode) JSON.readTree(EventSchemas.example(type.wire()));
      ((ObjectNode) example.get("data")).remove(name);
      assertThat(EventSchemas.faults(JSON.writeValueAsString(example))).as(name).isNotEmpty();
    }
  }

  /// A channel's refund and a merchant's end under the same names.
  @Test
  void theEndOfAMerchantsRefundIsSentAsItsSchemaSays() {
    var config =
        new ChannelConfig(SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, 900, Bytes32.ZERO);
    var voucher =
        new SignedVoucher(
            new Voucher(CHANNEL, AMOUNT),
            Signature.of("0x" + "11".repeat(32) + "22".repeat(32) + "1b"));
    var given =
        new CreditGiven(
            REFUND,
            PAYMENT,
            CHANNEL,
            config,
            MERCHANT,
            AMOUNT,
            AMOUNT,
            Amount.ZERO,
            voucher,
            2,
            AT);
    var failed = new GiveBackFailed(REFUND, PAYMENT, CHANNEL, MERCHANT, SOMEBODY, AMOUNT, AT);
    assertThat(faults(EventType.REFUND_SUCCEEDED, BODIES.of(given))).isEmpty();
    assertThat(faults(EventType.REFUND_FAILED, BODIES.of(failed))).isEmpty();
    assertThat(faults(EventType.REFUND_FAILED, BODIES.of(given))).isNotEmpty();
    assertThat(BODIES.of(failed)).contains("\"method\":\"credit\"", "\"promised\"");
    var sent = new GiveBackSent(REFUND, PAYMENT, CHANNEL, MERCHANT, SOMEBODY, AMOUNT, TX, AT);
    assertThat(faults(EventType.REFUND_SUCCEEDED, BODIES.of(sent))).isEmpty();
    assertThat(BODIES.of(sent)).contains("\"method\":\"on_chain\"", TX.toString());
    for (var reason : GiveBackFailure.values()) {
      var why =
          new GiveBackFailed(
              REFUND,
              PAYMENT,
              CHANNEL,
              MERCHANT,
              SOMEBODY,
              AMOUNT,
              AT,
              Optional.of(GiveBackMethod.ON_CHAIN),
              Optional.of(reason));
      assertThat(faults(EventType.REFUND_FAILED, BODIES.of(why))).as("%s", reason).isEmpty();
    }
  }

  private static List<String> faults(EventType type, String data) {
    return EventSchemas.faults(BODIES.envelope("evt_" + "0".repeat(26), type, AT, data));
  }

  @Test
  void aTimeIsToldAsTheDatabaseKeepsIt() {
    JsonNode body = JSON.readTree(BODIES.envelope("evt_0", EventType.CHANNEL_CLOSED, AT, "{}"));
    assertThat(body.get("timestamp").stringValue()).isEqualTo("2026-11-29T12:00:00.123457Z");
  }

  private static String data(EventType type) {
    return Objects.requireNonNull(DATA.get(type));
  }

  private static Map<EventType, String> data() {
    var config =
        new ChannelConfig(SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, 900, Bytes32.ZERO);
    var data = new EnumMap<EventType, String>(EventType.class);
    data.put(
        EventType.PAYMENT_SUCCEEDED,
        BODIES.payment(
            PAYMENT,
            AMOUNT,
            SOMEBODY,
            CHANNEL,
            SOMEBODY,
            "x",
            Metadata.of(Map.of("order", "7")),
            AT));
    data.put(
        EventType.REFUND_CREATED,
        BODIES.of(
            new GiveBackRequested(
                REFUND, PAYMENT, CHANNEL, MERCHANT, SOMEBODY, SOMEBODY, AMOUNT, AMOUNT, AT)));
    data.put(EventType.CHANNEL_OPENED, BODIES.of(new ChannelOpened(CHANNEL, config, AMOUNT, AT)));
    data.put(
        EventType.CHANNEL_FROZEN,
        BODIES.of(new ChannelFrozen(CHANNEL, new PendingWithdrawal(AMOUNT, 1, 1), AT)));
    data.put(EventType.CHANNEL_THAWED, BODIES.of(new ChannelThawed(CHANNEL, AT)));
    data.put(EventType.CHANNEL_CLOSED, BODIES.of(new ChannelClosed(CHANNEL, AMOUNT, AT)));
    data.put(EventType.CHANNEL_GUARDED, BODIES.of(new Guarded(CHANNEL, 1, AMOUNT)));
    data.put(
        EventType.WITHDRAWAL_ANSWERED,
        BODIES.of(new WithdrawalAnswered(CHANNEL, AMOUNT, AMOUNT, TX, AT)));
    settled(data);
    for (var type : EventType.values()) {
      if (type.wire().startsWith("endpoint.")) {
        data.put(type, BODIES.endpoint("we_" + "0".repeat(26), "enabled"));
      }
    }
    return data;
  }

  private static void settled(Map<EventType, String> data) {
    var payout = new PayoutId("po_" + "0".repeat(26));
    data.put(
        EventType.REFUND_SUCCEEDED,
        BODIES.of(new RefundConfirmed(REFUND, CHANNEL, AMOUNT, TX, STATE)));
    data.put(EventType.REFUND_FAILED, BODIES.of(new RefundFailed(REFUND, CHANNEL, AMOUNT, "why")));
    data.put(
        EventType.PAYOUT_PAID,
        BODIES.of(new PayoutConfirmed(payout, MERCHANT, SOMEBODY, SOMEBODY, AMOUNT, TX)));
    data.put(
        EventType.PAYOUT_FAILED,
        BODIES.of(new PayoutFailed(payout, MERCHANT, SOMEBODY, AMOUNT, "why")));
    data.put(
        EventType.PAYOUT_CANCELED,
        BODIES.of(new PayoutCanceled(payout, MERCHANT, SOMEBODY, AMOUNT)));
  }
}
