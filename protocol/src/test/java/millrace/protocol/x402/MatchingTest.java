package millrace.protocol.x402;

import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.x402.Wire.OFFER;
import static millrace.protocol.x402.Wire.changed;
import static millrace.protocol.x402.Wire.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Whether an echo is our offer.
class MatchingTest {
  private static PaymentRequirements echo(String at, Consumer<ObjectNode> change) {
    return ok(PaymentRequirements.ofJson(changed(OFFER.toJson(), at, change)));
  }

  @Test
  void takesItsOwnEcho() {
    assertThat(OFFER.matches(ok(PaymentRequirements.ofJson(OFFER.toJson())))).isTrue();
  }

  @Test
  void anEchoRepeatsTheLettersOfWhoeverWroteTheOffer() {
    var theirs =
        OFFER
            .toJson()
            .replace(
                OFFER.payTo().toString(),
                OFFER.payTo().toString().toUpperCase(Locale.ROOT).replace("0X", "0x"));
    var read = ok(PaymentRequirements.ofJson(theirs));
    assertThat(read.toJson()).isEqualTo(theirs).isNotEqualTo(OFFER.toJson());
    assertThat(read).isEqualTo(OFFER).hasSameHashCodeAs(OFFER);
    assertThat(OFFER.matches(read)).isTrue();
  }

  @Test
  void takesAnEchoOfACorrectiveOffer() {
    var corrected = OFFER.correctedBy(Wire.STATE, Optional.of(Wire.voucherState()));
    assertThat(OFFER.matches(corrected)).isTrue();
    assertThat(corrected.matches(OFFER)).isFalse();
    assertThat(OFFER.correctedBy(Wire.STATE, Optional.empty()).matches(OFFER)).isFalse();
    assertThat(corrected.matches(OFFER.correctedBy(Wire.STATE, Optional.empty()))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'', network, eip155:1",
    "'', amount, 999",
    "'', asset, 0x7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a",
    "'', payTo, 0x7070707070707070707070707070707070707070",
    "/extra, name, USDC",
    "/extra, version, 2",
    "/extra, receiverAuthorizer, 0x7070707070707070707070707070707070707070",
    "/extra, minDeposit, 9999",
  })
  void refusesAnEchoThatDiffers(String at, String member, String value) {
    assertThat(OFFER.matches(echo(at, node -> node.put(member, value)))).isFalse();
  }

  @Test
  void refusesAnEchoWithOtherTimesOrWithoutTheDeposit() {
    assertThat(OFFER.matches(echo("", node -> node.put("maxTimeoutSeconds", 301)))).isFalse();
    assertThat(OFFER.matches(echo("/extra", node -> node.put("withdrawDelay", 901)))).isFalse();
    assertThat(OFFER.matches(echo("/extra", node -> node.remove("minDeposit")))).isFalse();
  }

  @Test
  void countsOurOwnExtraMembers() {
    var extra = OFFER.extra();
    var offer =
        new PaymentRequirements(
            OFFER.network(),
            OFFER.amount(),
            OFFER.asset(),
            OFFER.payTo(),
            300,
            new Extra(
                extra.tokenName(),
                extra.tokenVersion(),
                extra.receiverAuthorizer(),
                900,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of("plan", "\"gold\"")));
    assertThat(offer.matches(OFFER)).isFalse();
    assertThat(offer.matches(echo("/extra", node -> node.put("plan", "silver")))).isFalse();
    assertThat(offer.matches(echo("/extra", node -> node.put("plan", "gold")))).isTrue();
    assertThat(offer.suggestedDeposit()).isEqualTo(amount(5000));
    assertThat(OFFER.suggestedDeposit()).isEqualTo(amount(10_000));
  }
}
