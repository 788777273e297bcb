package millrace.protocol.x402;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static millrace.protocol.x402.Wire.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import millrace.protocol.x402.Parsed.Malformed;
import org.junit.jupiter.api.Test;

class HeadersTest {
  private static void assertMalformed(String header) {
    assertThat(PaymentPayload.ofHeader(header)).isInstanceOf(Malformed.class);
  }

  @Test
  void speaksPaddedStandardBase64() {
    String header = Wire.voucher().toHeader();
    assertThat(header).matches("^[A-Za-z0-9+/]*={0,2}$");
    assertThat(header.length() % 4).isZero();
    assertThat(ok(PaymentPayload.ofHeader(header))).isEqualTo(Wire.voucher());
  }

  @Test
  void carriesTextBeyondAscii() {
    var resource = new Resource("https://api.example/wetter", "Wetter für Zürich ☂", "");
    var required =
        PaymentRequired.of(X402Error.PAYMENT_REQUIRED, resource, Wire.OFFER, Extensions.NONE);
    assertThat(required.toHeader()).matches("^[A-Za-z0-9+/]*={0,2}$");
    assertThat(ok(PaymentRequired.ofHeader(required.toHeader()))).isEqualTo(required);
  }

  @Test
  void refusesWhatIsNotBase64() {
    String header = Wire.voucher().toHeader();
    assertMalformed("");
    assertMalformed("{}");
    assertMalformed("!!!!");
    assertMalformed(header + "=");
    assertMalformed(header.substring(0, header.length() - 1));
    assertMalformed(header.substring(0, 40) + "\n" + header.substring(40) + "===");
    assertMalformed(Base64.getUrlEncoder().encodeToString("{\"a\":\"÷ÿ¿\"}".getBytes(ISO_8859_1)));
  }

  @Test
  void refusesMissingPaddingEvenWhenTheRestIsGood() {
    String json = Wire.voucher().toJson();
    while (json.length() % 3 == 0) json += " ";
    String padded = Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
    assertThat(ok(PaymentPayload.ofHeader(padded))).isEqualTo(Wire.voucher());
    assertMalformed(Base64.getEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8)));
  }

  @Test
  void refusesOtherEncodingsOfText() {
    assertMalformed(Base64.getEncoder().encodeToString(Wire.voucher().toJson().getBytes(UTF_16)));
    String latin = Wire.voucher().toJson().replace("Weather", "Météo");
    assertMalformed(Base64.getEncoder().encodeToString(latin.getBytes(ISO_8859_1)));
  }

  @Test
  void refusesALongHeaderBeforeDecodingIt() {
    String spaces = " ".repeat(16 * 1024);
    String header =
        Base64.getEncoder().encodeToString((Wire.voucher().toJson() + spaces).getBytes(UTF_8));
    assertThat(PaymentPayload.ofHeader(header))
        .isEqualTo(new Malformed<>(X402Error.INVALID_PAYLOAD, "header: too long"));
  }
}
