package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.Extra;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What the load generator puts together from pieces is what a client sends that writes it whole.
class RequestsTest {
  private static final long PRICE = 1_000;
  private static final Address VAULT = Address.of("0x00000000000000000000000000000000000000aa");
  private static final PaymentRequirements OFFER =
      new PaymentRequirements(
          Network.of(31_337),
          Amount.of(PRICE),
          Address.of("0x00000000000000000000000000000000000000bb"),
          VAULT,
          300,
          Extra.of("USD Coin", "1", VAULT, 900, Amount.of(10_000)));
  private static final Resource RESOURCE = new Resource("http://127.0.0.1:8402/x/rt_1", "", "");
  private static final Offer WRITTEN =
      Offer.of(new PaymentRequired("", RESOURCE, List.of(OFFER), Extensions.NONE).toHeader());
  private static final SigningKey KEY = SigningKey.of(Bytes32.of("0x" + "11".repeat(32)));

  @Test
  void everyPaymentOfAChannelIsWhatOurPayerWouldWrite() {
    var purse = purse(KEY);
    var envelope = Envelope.of(WRITTEN, purse.config(), purse.id());
    purse.sign(200);
    for (int payment = 1; payment <= 200; payment++) {
      assertThat(envelope.header(purse.ceiling(0), purse.signature(0)))
          .asString(US_ASCII)
          .isEqualTo(header(purse, payment));
      purse.acknowledged(1);
    }
  }

  /// The stock server takes no other spelling of its offer.
  @Test
  void anOfferIsEchoedAsItWasWritten() {
    var mixedCase = "0x00000000000000000000000000000000000000Bb";
    var required =
        new PaymentRequired("", RESOURCE, List.of(OFFER), Extensions.NONE)
            .toJson()
            .replace(OFFER.asset().toString(), mixedCase);
    var header = Base64.getEncoder().encodeToString(required.getBytes(US_ASCII));
    var purse = purse(KEY);
    purse.sign(1);

    var sent =
        Envelope.of(Offer.of(header), purse.config(), purse.id()).header(PRICE, purse.signature(0));

    var json = JsonMapper.builder().build();
    assertThat(json.readTree(Base64.getDecoder().decode(sent)).path("accepted"))
        .isEqualTo(json.readTree(required).path("accepts").path(0));
  }

  @Test
  void aPaidGetCarriesThePaymentInItsHeader() {
    var purse = purse(KEY);
    purse.sign(1);
    var target = Target.get(URI.create("http://127.0.0.1:8402/x/rt_1?a=b"));
    assertThat(written(single(purse, Generator.inHeader(target))))
        .isEqualTo(
            "GET /x/rt_1?a=b HTTP/1.1\r\nHost: 127.0.0.1:8402\r\nAccept: */*\r\n"
                + "PAYMENT-SIGNATURE: "
                + header(purse, 1)
                + "\r\n\r\n");
  }

  @Test
  void aHandedInPaymentHasItInTheBodyAndTheRightLength() {
    var purse = purse(KEY);
    purse.sign(1);
    var text = written(single(purse, Generator.inBody(api("application/json"), rest())));
    int body = text.indexOf("\r\n\r\n") + 4;
    assertThat(text)
        .startsWith("POST /v1/payments HTTP/1.1\r\nHost: 127.0.0.1:8402\r\n")
        .contains("\r\nAuthorization: Bearer key_1\r\nContent-Type: application/json\r\n")
        .contains("\r\nContent-Length: " + (text.length() - body) + "\r\n");
    var json = JsonMapper.builder().build().readTree(text.substring(body));
    assertThat(json.path("payment_signature").asString()).isEqualTo(header(purse, 1));
    assertThat(json.path("amount").asString()).isEqualTo("1000");
    assertThat(json.path("resource").path("url").asString()).isEqualTo(RESOURCE.url());
  }

  @Test
  void aBatchHasALineForEachPaymentAndAChannelsVouchersInOrder() {
    var purses = List.of(purse(KEY), purse(SigningKey.of(Bytes32.of("0x" + "22".repeat(32)))));
    var errand = batch(purses, 5);
    var text = written(errand);
    var lines = text.substring(text.indexOf("\r\n\r\n") + 4).lines().toList();
    assertThat(lines).hasSize(5);
    var json = JsonMapper.builder().build();
    assertThat(lines.stream().map(line -> json.readTree(line).path("payment_signature").asString()))
        .containsExactly(
            header(purses.get(0), 1),
            header(purses.get(1), 1),
            header(purses.get(0), 2),
            header(purses.get(1), 2),
            header(purses.get(0), 3));
  }

  @Test
  void ofABatchOnlyWhatWasAcceptedIsPaid() {
    var purses = List.of(purse(KEY), purse(SigningKey.of(Bytes32.of("0x" + "22".repeat(32)))));
    var errand = batch(purses, 4);
    written(errand);
    var tally = new Tally();
    var verdict = errand.judge(answer(200, statuses(201, 503, 200, 402)), tally);
    assertThat(verdict).isEqualTo(Verdict.BUSY);
    assertThat(purses.get(0).paid()).isEqualTo(2);
    assertThat(purses.get(1).paid()).isZero();
    var report = tally.report(1, false);
    assertThat(report.accepted()).isEqualTo(2);
    assertThat(report.refused(503)).isEqualTo(1);
    assertThat(report.errors()).as("it follows from the 503 before it").isZero();
  }

  @Test
  void aRefusalThatNothingExplainsIsAnError() {
    var errand = batch(List.of(purse(KEY)), 1);
    written(errand);
    var tally = new Tally();
    assertThat(errand.judge(answer(200, statuses(402)), tally)).isEqualTo(Verdict.WRONG);
    assertThat(tally.report(1, false).errors()).isEqualTo(1);
  }

  @Test
  void aBusyServerGetsTheSameVoucherAgain() {
    var purse = purse(KEY);
    purse.sign(2);
    var errand = single(purse, Generator.inBody(api("application/json"), rest()));
    var first = written(errand);
    assertThat(errand.judge(answer(503, "{}"), new Tally())).isEqualTo(Verdict.BUSY);
    assertThat(written(errand)).isEqualTo(first);
    assertThat(errand.judge(answer(201, "{}"), new Tally())).isEqualTo(Verdict.ACCEPTED);
    assertThat(written(errand)).isNotEqualTo(first);
    assertThat(purse.owed()).isEqualTo(PRICE);
  }

  @Test
  void aLanesTimeIsUpWhenItsVouchersAre() {
    var purse = purse(KEY);
    purse.sign(1);
    var errand = single(purse, Generator.inBody(api("application/json"), rest()));
    assertThat(errand.isDry()).isFalse();
    errand.judge(answer(201, "{}"), new Tally());
    assertThat(errand.isDry()).isTrue();
  }

  private static Purse purse(SigningKey key) {
    var keys = PayerKeys.of(key);
    var config = keys.channelFor(OFFER, Bytes32.ZERO);
    return new Purse(key, keys.deployment().domain(OFFER.network()), config, PRICE);
  }

  private static String header(Purse purse, int payment) {
    var keys = PayerKeys.of(purse.key());
    var payload = keys.voucher(OFFER, purse.config(), Amount.of(payment * PRICE));
    return new PaymentPayload(OFFER, payload, Optional.of(RESOURCE), Extensions.NONE).toHeader();
  }

  private static SingleErrand single(Purse purse, SingleErrand.Form form) {
    var envelope = Envelope.of(WRITTEN, purse.config(), purse.id());
    return new SingleErrand(purse, envelope, form);
  }

  private static BatchErrand batch(List<Purse> purses, int lines) {
    purses.forEach(purse -> purse.sign(lines));
    var payers =
        purses.stream()
            .map(
                purse ->
                    new BatchErrand.Payer(purse, Envelope.of(WRITTEN, purse.config(), purse.id())))
            .toList();
    return new BatchErrand(
        payers,
        lines,
        api("application/x-ndjson"),
        "{\"payment_signature\":\"".getBytes(US_ASCII),
        rest());
  }

  private static Target api(String contentType) {
    return Target.post(URI.create("http://127.0.0.1:8402/v1/payments"), "key_1", contentType);
  }

  private static byte[] rest() {
    return Target.restOfBody(PRICE, RESOURCE.url());
  }

  private static String written(Errand errand) {
    var out = ByteBuffer.allocate(1 << 20);
    errand.write(out);
    return new String(out.array(), 0, out.position(), US_ASCII);
  }

  private static Answer answer(int status, String body) {
    var bytes =
        "HTTP/1.1 %d \r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body)
            .getBytes(US_ASCII);
    return Answer.in(bytes, bytes.length).orElseThrow();
  }

  private static String statuses(int... statuses) {
    var lines = new StringBuilder();
    IntStream.of(statuses)
        .forEach(
            status ->
                lines
                    .append("{\"status\":")
                    .append(status)
                    .append(",\"payment\":{\"status\":\"succeeded\"}}\n"));
    return lines.toString();
  }
}
