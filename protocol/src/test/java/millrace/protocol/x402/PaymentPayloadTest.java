package millrace.protocol.x402;

import static millrace.protocol.x402.Wire.changed;
import static millrace.protocol.x402.Wire.file;
import static millrace.protocol.x402.Wire.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import millrace.protocol.x402.Parsed.Malformed;
import millrace.protocol.x402.Parsed.Ok;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// What a stranger may send, and what it is told.
class PaymentPayloadTest {
  private static final String MAX_PLUS_ONE = "340282366920938463463374607431768211456";

  private record Case(
      String file, String at, Consumer<ObjectNode> change, X402Error error, String detail) {
    @Override
    public String toString() {
      return file + detail;
    }
  }

  private static Case wrong(String file, String at, String member, X402Error error, Object value) {
    return new Case(file, at, node -> node.putPOJO(member, value), error, at + "/" + member);
  }

  private static Case without(String file, String at, String member, X402Error error) {
    return new Case(file, at, node -> node.remove(member), error, at + "/" + member);
  }

  static Stream<Case> malformed() {
    var invalid = X402Error.INVALID_PAYLOAD;
    var noMatch = X402Error.NO_MATCHING_REQUIREMENTS;
    String voucher = "payment-voucher";
    String deposit = "payment-deposit";
    String config = "/payload/channelConfig";
    String erc3009 = "/payload/deposit/authorization/erc3009Authorization";
    return Stream.of(
        without(voucher, "", "x402Version", X402Error.INVALID_X402_VERSION),
        wrong(voucher, "", "x402Version", X402Error.INVALID_X402_VERSION, 1),
        wrong(voucher, "", "x402Version", X402Error.INVALID_X402_VERSION, "2"),
        without(voucher, "", "accepted", noMatch),
        wrong(voucher, "", "accepted", noMatch, "all of them"),
        wrong(voucher, "/accepted", "scheme", noMatch, "exact"),
        wrong(voucher, "/accepted", "network", noMatch, "solana:mainnet"),
        wrong(voucher, "/accepted", "network", noMatch, "eip155:0"),
        wrong(voucher, "/accepted", "amount", noMatch, 1000),
        wrong(voucher, "/accepted", "amount", noMatch, "-1"),
        wrong(voucher, "/accepted", "asset", noMatch, "0x12"),
        wrong(voucher, "/accepted", "maxTimeoutSeconds", noMatch, 0),
        wrong(voucher, "/accepted", "maxTimeoutSeconds", noMatch, 1.5),
        without(voucher, "/accepted", "extra", noMatch),
        without(voucher, "/accepted/extra", "name", noMatch),
        without(voucher, "", "payload", invalid),
        without(voucher, "/payload", "type", X402Error.PAYLOAD_TYPE),
        wrong(voucher, "/payload", "type", X402Error.PAYLOAD_TYPE, "claim"),
        wrong(voucher, "/payload", "type", X402Error.PAYLOAD_TYPE, 7),
        without(voucher, "/payload", "channelConfig", X402Error.MISSING_CHANNEL),
        wrong(voucher, config, "payer", invalid, "0x" + "g0".repeat(20)),
        without(voucher, config, "salt", invalid),
        wrong(voucher, config, "withdrawDelay", invalid, -1),
        wrong(voucher, config, "withdrawDelay", invalid, "900"),
        wrong(voucher, config, "withdrawDelay", invalid, 900.5),
        wrong(voucher, config, "withdrawDelay", invalid, 900.0),
        wrong(voucher, config, "withdrawDelay", invalid, BigInteger.ONE.shiftLeft(63)),
        wrong(voucher, config, "withdrawDelay", X402Error.WITHDRAW_DELAY_OUT_OF_RANGE, 1L << 40),
        without(voucher, "/payload", "voucher", invalid),
        wrong(voucher, "/payload/voucher", "channelId", X402Error.CHANNEL_ID_INVALID, "0x00"),
        wrong(voucher, "/payload/voucher", "maxClaimableAmount", invalid, MAX_PLUS_ONE),
        wrong(voucher, "/payload/voucher", "maxClaimableAmount", invalid, 6000),
        wrong(voucher, "/payload/voucher", "signature", X402Error.VOUCHER_SIGNATURE, "0x"),
        wrong(
            voucher,
            "/payload/voucher",
            "signature",
            X402Error.VOUCHER_SIGNATURE,
            "0x" + "ff".repeat(64) + "1b"),
        without(deposit, "/payload", "deposit", invalid),
        wrong(deposit, "/payload/deposit", "amount", invalid, "1.5"),
        without(
            deposit, "/payload/deposit", "authorization", X402Error.ERC3009_AUTHORIZATION_REQUIRED),
        without(
            deposit,
            "/payload/deposit/authorization",
            "erc3009Authorization",
            X402Error.ERC3009_AUTHORIZATION_REQUIRED),
        wrong(deposit, erc3009, "validAfter", invalid, 0),
        wrong(deposit, erc3009, "validBefore", invalid, "9".repeat(78)),
        wrong(deposit, erc3009, "validBefore", invalid, "1" + "0".repeat(78)),
        wrong(deposit, erc3009, "validBefore", invalid, "0".repeat(79)),
        wrong(deposit, erc3009, "validBefore", invalid, "+5"),
        wrong(deposit, erc3009, "validBefore", invalid, "-5"),
        wrong(deposit, erc3009, "validBefore", invalid, ""),
        wrong(deposit, erc3009, "validBefore", invalid, "1e9"),
        wrong(deposit, erc3009, "salt", invalid, "0x5a"),
        wrong(deposit, erc3009, "signature", X402Error.RECEIVE_AUTHORIZATION_SIGNATURE, "0x00"),
        wrong("payment-refund", "/payload", "amount", X402Error.REFUND_AMOUNT_INVALID, "01"),
        wrong("payment-refund", "/payload", "amount", X402Error.REFUND_AMOUNT_INVALID, 2000),
        wrong(voucher, "", "resource", invalid, "https://api.example"),
        wrong(voucher, "", "extensions", invalid, 5),
        wrong(
            "payment-voucher-identified",
            "/extensions/payment-identifier/info",
            "id",
            invalid,
            "too-short"),
        wrong(
            "payment-voucher-identified",
            "/extensions/payment-identifier/info",
            "id",
            invalid,
            "a".repeat(129)),
        wrong(
            "payment-voucher-identified",
            "/extensions/payment-identifier/info",
            "id",
            invalid,
            "sixteen characters"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void saysWhatIsWrong(Case wrong) {
    var parsed = PaymentPayload.ofJson(changed(file(wrong.file()), wrong.at(), wrong.change()));
    assertThat(parsed).isInstanceOf(Malformed.class);
    if (parsed instanceof Malformed<PaymentPayload>(var error, var detail)) {
      assertThat(error).isEqualTo(wrong.error());
      assertThat(detail).startsWith(wrong.detail());
    }
  }

  private static void assertInvalid(String json) {
    assertThat(PaymentPayload.ofJson(json))
        .isInstanceOfSatisfying(
            Malformed.class,
            malformed -> assertThat(malformed.error()).isEqualTo(X402Error.INVALID_PAYLOAD));
  }

  @Test
  void takesNothingButOneJsonObject() {
    String good = file("payment-voucher");
    assertThat(PaymentPayload.ofJson(good)).isInstanceOf(Ok.class);
    for (String bad : new String[] {"", " ", "{", "[]", "2", "null", "\"{}\"", good + "{}"}) {
      assertInvalid(bad);
    }
  }

  @Test
  void refusesAKeyGivenTwice() {
    assertInvalid(
        file("payment-voucher")
            .replace(
                "\"maxClaimableAmount\" : \"6000\"",
                "\"maxClaimableAmount\" : \"6000\", \"maxClaimableAmount\" : \"6000\""));
  }

  @Test
  void refusesDepthAndLength() {
    assertInvalid("{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}");
    String good = file("payment-voucher");
    assertInvalid(good + " ".repeat(16 * 1024));
    String number = changed(good, "", node -> node.put("unknown", "?"));
    assertInvalid(number.replace("\"?\"", "9".repeat(400)));
  }

  @Test
  void readsHexInEitherCase() {
    String upper =
        changed(
            file("payment-voucher"),
            "/payload/voucher",
            node -> {
              for (String member : new String[] {"channelId", "signature"}) {
                String hex = node.get(member).stringValue().substring(2);
                node.put(member, "0x" + hex.toUpperCase(Locale.ROOT));
              }
            });
    assertThat(ok(PaymentPayload.ofJson(upper))).isEqualTo(Wire.voucher());
    assertThat(ok(PaymentPayload.ofJson(upper)).voucher().voucher().channelId().toString())
        .isLowerCase();
  }

  @Test
  void ignoresWhatItDoesNotKnowButKeepsWhatMustBeEchoed() {
    String more =
        changed(
            changed(file("payment-voucher"), "", node -> node.put("unknown", 1)),
            "/accepted/extra",
            node -> node.put("assetTransferMethod", "eip3009"));
    var payment = ok(PaymentPayload.ofJson(more));
    assertThat(payment.accepted().extra().others())
        .containsExactly(java.util.Map.entry("assetTransferMethod", "\"eip3009\""));
    assertThat(Wire.tree(payment.toJson()).at("/accepted/extra/assetTransferMethod").stringValue())
        .isEqualTo("eip3009");
    assertThat(Wire.OFFER.matches(payment.accepted())).isTrue();
  }

  @Test
  void takesNullForAnOptionalMemberThatIsNotThere() {
    String nulls =
        changed(
            file("payment-voucher"), "", node -> node.putNull("resource").putNull("extensions"));
    var voucher = Wire.voucher();
    assertThat(ok(PaymentPayload.ofJson(nulls)))
        .isEqualTo(
            new PaymentPayload(
                voucher.accepted(), voucher.payload(), Optional.empty(), Extensions.NONE));
  }

  @Test
  void tellsThePaymentIdentifier() {
    var named = ok(PaymentPayload.ofJson(file("payment-voucher-identified")));
    assertThat(named.extensions().id()).contains(new PaymentIdentifier("order-2030-0001_a"));
    assertThat(Wire.voucher().extensions().id()).isEmpty();
  }

  @Test
  void namesAPaymentOnlyWhereTheServerOffersToHearIt() {
    var id = new PaymentIdentifier("order-2030-0001_a");
    assertThat(Extensions.NONE.identifiedBy(id).id()).isEmpty();
    assertThat(Extensions.OFFER.identifiedBy(id).id()).contains(id);
  }

  @Test
  void leavesOffersOfOtherSchemesOut() {
    String exact =
        changed(
            file("payment-required"),
            "",
            node ->
                ((tools.jackson.databind.node.ArrayNode) node.get("accepts"))
                    .addObject()
                    .put("scheme", "exact")
                    .put("network", "solana:mainnet"));
    assertThat(ok(PaymentRequired.ofJson(exact)).accepts()).containsExactly(Wire.OFFER);
  }
}
