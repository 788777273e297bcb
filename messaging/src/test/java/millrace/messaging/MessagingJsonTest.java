package millrace.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.ChannelClosed;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

class MessagingJsonTest {
  private static final String CLOSED = "millrace.channel.channel_closed.v1";
  private static final String CHANNEL = "\"channelId\":\"" + Samples.CHANNEL + "\"";
  private static final String AT = "\"at\":\"" + Samples.AT + "\"";

  private final EventCodec codec = new EventCodec();

  @Test
  void aListOfCommandsKeepsTheirTypes() {
    List<PaymentCommand> commands =
        List.of(
            new PaymentCommand.Release(Samples.PAYMENT, Samples.CHANNEL),
            new PaymentCommand.Capture(Samples.PAYMENT, Samples.CHANNEL, Amount.of(1)));
    var text = MessagingJson.mapper().writeValueAsString(commands);
    assertThat(MessagingJson.mapper().readValue(text, new TypeReference<List<PaymentCommand>>() {}))
        .isEqualTo(commands);
  }

  @Test
  void whatIsAbsentIsNoField() {
    var refused = PaymentOutcome.Refused.because(RefusalReason.BUSY);
    assertThat(MessagingJson.mapper().writeValueAsString(refused))
        .isEqualTo("{\"type\":\"refused\",\"reason\":\"BUSY\"}");
    assertThat(
            MessagingJson.mapper()
                .writeValueAsString(
                    new RefundCommand(Samples.CONFIG, Samples.VOUCHER, Optional.empty())))
        .doesNotContain("amount");
  }

  @Test
  void anEventMayHaveFieldsWeDoNotKnow() throws Exception {
    assertThat(decode("{" + CHANNEL + ",\"charged\":\"7\"," + AT + ",\"new\":{\"a\":[1]}}"))
        .isEqualTo(new ChannelClosed(Samples.CHANNEL, Amount.of(7), Samples.AT));
  }

  @Test
  void fieldsMayComeInAnyOrderAndTheLastOfTwoCounts() throws Exception {
    assertThat(decode("{" + AT + ",\"charged\":\"3\"," + CHANNEL + ",\"charged\":\"7\"}"))
        .isEqualTo(new ChannelClosed(Samples.CHANNEL, Amount.of(7), Samples.AT));
  }

  @Test
  void whatIsWrongIsNamedWithThePathToIt() {
    var command = new RefundCommand(Samples.CONFIG, Samples.VOUCHER, Optional.empty());
    var text = MessagingJson.mapper().writeValueAsString(command);
    var wrong = text.replaceFirst("\"payer\":\"0x", "\"payer\":\"1x");
    assertThat(wrong).isNotEqualTo(text);
    assertThatThrownBy(() -> MessagingJson.strict().readValue(wrong, RefundCommand.class))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining("RefundCommand[\"config\"]")
        .hasMessageContaining("ChannelConfig[\"payer\"]");
    var without = text.replaceFirst("\"ceiling\":\"[0-9]+\"", "\"other\":1");
    assertThat(without).isNotEqualTo(text);
    assertThatThrownBy(() -> MessagingJson.mapper().readValue(without, RefundCommand.class))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining("'ceiling' is missing or null");
  }

  @Test
  void aCommandMayNot() {
    var release = new PaymentCommand.Release(Samples.PAYMENT, Samples.CHANNEL);
    var text = MessagingJson.mapper().writeValueAsString(release);
    assertThat(MessagingJson.strict().readValue(text, PaymentCommand.class)).isEqualTo(release);
    var withAmount = text.replace("}", ",\"amount\":\"1\"}");
    assertThatThrownBy(() -> MessagingJson.strict().readValue(withAmount, PaymentCommand.class))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void aCommandOfUnknownTypeIsRefused() {
    assertThatThrownBy(
            () -> MessagingJson.mapper().readValue("{\"type\":\"steal\"}", PaymentCommand.class))
        .isInstanceOf(JacksonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "7.0",
        "\"-7\"",
        "\"7.5\"",
        "\"0x7\"",
        "\"07\"",
        "\" 7\"",
        "\"\"",
        "null",
        "true",
        "\"340282366920938463463374607431768211456\""
      })
  void anAmountIsADecimalStringOrNothing(String amount) {
    assertThatThrownBy(() -> decode("{" + CHANNEL + ",\"charged\":" + amount + "," + AT + "}"))
        .isInstanceOf(UndecodableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{\"charged\":\"7\"}", "not json", "{\"a\":"})
  void whatIsMissingOrMalformedIsUndecodable(String body) {
    assertThatThrownBy(() -> decode(body)).isInstanceOf(UndecodableException.class);
  }

  @Test
  void aMissingNumberIsNotZero() {
    var guarded = "{\"vouchers\":[{" + CHANNEL + ",\"charged\":\"7\"}]," + AT + "}";
    assertThatThrownBy(
            () -> codec.decode("millrace.guard.vouchers_guarded.v1", guarded.getBytes(UTF_8)))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void aTypeWeDoNotKnowIsUndecodable() {
    assertThatThrownBy(() -> codec.decode("millrace.channel.exploded.v1", "{}".getBytes(UTF_8)))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("exploded");
  }

  private Object decode(String body) throws UndecodableException {
    return codec.decode(CLOSED, body.getBytes(UTF_8));
  }
}
