package millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import millrace.gateway.GatewayFixture.Account;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Whatever a stranger sends gets the right word or a plain refusal, changes nothing, and is never
/// our fault.
class GarbageIT {
  private static final String BATCH = "invalid_batch_settlement_evm_";
  private static GatewayFixture gateway;
  private static Account merchant;
  private static String route;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    merchant = gateway.merchant();
    route = gateway.route(merchant, "10", "");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/payload/type,x,payload_type",
    "/payload/channelConfig/receiver,0xcccccccccccccccccccccccccccccccccccccccc,"
        + "channel_id_mismatch",
    "/payload/channelConfig/salt,"
        + "0x2222222222222222222222222222222222222222222222222222222222222222,"
        + "channel_id_mismatch",
    "/payload/voucher/channelId,0x12,channel_id_invalid",
    "/payload/voucher/channelId,"
        + "0x2222222222222222222222222222222222222222222222222222222222222222,"
        + "channel_id_mismatch",
    "/payload/voucher/signature,0x12,voucher_signature",
    "/payload/voucher/signature,zz,voucher_signature",
    "/payload/voucher/maxClaimableAmount,11,voucher_signature",
  })
  void eachFaultHasItsWord(String path, String value, String word) {
    var answer = gateway.paid(route, changed(path, value));
    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(error(answer.headers().firstValue("PAYMENT-REQUIRED").orElse("")))
        .isEqualTo(BATCH + word);
    assertThat(gateway.upstream.requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/payload/voucher/maxClaimableAmount,340282366920938463463374607431768211456",
    "/payload/voucher/maxClaimableAmount,-1",
    "/payload/channelConfig/payer,0x12",
    "/payload/channelConfig,text"
  })
  void whatCannotBeReadIsAnInvalidPayload(String path, String value) {
    var answer = gateway.paid(route, changed(path, value));
    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(error(answer.headers().firstValue("PAYMENT-REQUIRED").orElse("")))
        .isIn("invalid_payload", BATCH + "missing_channel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eip155:1", "eip155:0", "solana:x", ""})
  void anotherNetworkMatchesNothing(String network) {
    var answer = gateway.paid(route, changed("/accepted/network", network));
    assertThat(error(answer.headers().firstValue("PAYMENT-REQUIRED").orElse("")))
        .isEqualTo("No matching payment requirements");
  }

  @Test
  void twoHeadersAreNotChosenBetween() {
    gateway.hub.forget();
    var answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.url(route))
                .header("PAYMENT-SIGNATURE", payer.voucher(10, 10))
                .header("PAYMENT-SIGNATURE", payer.voucher(10, 20)));
    assertThat(error(answer.headers().firstValue("PAYMENT-REQUIRED").orElse("")))
        .isEqualTo("invalid_payload");
    assertThat(gateway.hub.commands).isEmpty();
  }

  /// What the container itself refuses, too.
  @ParameterizedTest
  @CsvSource({
    "/v1/payments?limit=%ff,400,invalid-request",
    "/v1/payments?x={y},400,invalid-request",
    "/v1/payments/%00,400,invalid-request",
    "/v1/payments/..%2f..%2fbalance,400,invalid-request",
    "/x/%00,400,invalid-request"
  })
  void whatIsNoUrlIsAProblemWithAnId(String path, int status, String code) throws IOException {
    try (var client = RawClient.of(gateway)) {
      client.send(
          "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(path, merchant.key()));
      var answer = client.answer();
      assertThat(answer).startsWith("HTTP/1.1 " + status);
      assertThat(answer).contains("Content-Type: application/problem+json");
      var problem = GatewayFixture.JSON.readTree(answer.substring(answer.indexOf('{')));
      assertThat(problem.get("code").stringValue()).isEqualTo(code);
      assertThat(problem.get("status").intValue()).isEqualTo(status);
      assertThat(answer).contains("Request-Id: " + problem.get("request_id").stringValue());
    }
  }

  /// Goal: what is no whole number and no time is not made one, and the words say what is wanted.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/api_keys|{'name':'k','requests_per_second':1.5}|requests_per_second|whole number",
        "/v1/api_keys|{'name':'k','requests_per_second':'5'}|requests_per_second|whole number",
        "/v1/api_keys|{'name':'k','expires_at':4102444800}|expires_at|2026-11-29T12:00:00Z",
        "/v1/api_keys|{'name':'k','expires_at':'2099-01-31'}|expires_at|2026-11-29T12:00:00Z",
        "/v1/api_keys|{'name':'k','scopes':['payments:all']}|scopes[0]|payments:read, payments:",
        "/v1/api_keys|{'name':'k','scopes':'payments:read'}|scopes|list",
        "/v1/api_keys|{'name':'k','scopes':[]}|scopes|must not be empty",
        "/v1/api_keys|{'name':['k']}|name|text",
        "/v1/payment_links|{'amount':'5','metadata':'7'}|metadata|object",
        "/v1/refunds|{'payment':'x','method':'cash'}|method|credit, on_chain"
      })
  void theWordsSayWhatIsWanted(String path, String body, String param, String wanted) {
    var answer = gateway.post(merchant, path, body.replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    var problem = GatewayFixture.json(answer);
    assertThat(problem.get("param").stringValue()).isEqualTo(param);
    assertThat(problem.get("detail").stringValue()).startsWith(param + " must ").contains(wanted);
  }

  @Test
  void whatIsNoProblemIsNotCalledOne() {
    var answer =
        gateway.send(
            gateway
                .request("GET", "/v1/balance", merchant.key())
                .header("Accept", "application/problem+json, application/json;q=0.9"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }

  /// Goal: nobody's payouts go where a slip of the finger points.
  @Test
  void anAddressWithAWrongDigitIsNoPayoutAddress() {
    var body = "{\"name\":\"Shop\",\"payout_address\":\"%s\"}";
    for (var address : List.of("0x70997970C51812dc3A010C7d01b50e0d17dc79C9", "0x12", "7")) {
      var answer = operator("POST", "/v1/merchants", body.formatted(address));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(GatewayFixture.json(answer).get("param").stringValue())
          .isEqualTo("payout_address");
    }
    var right = body.formatted("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    assertThat(operator("POST", "/v1/merchants", right).statusCode()).isEqualTo(201);
  }

  private static HttpResponse<String> operator(String method, String path, String body) {
    return gateway.send(
        gateway
            .request(method, path, GatewayFixture.OPERATOR_KEY)
            .method(method, BodyPublishers.ofString(body)));
  }

  @Test
  void aFeeIsNotRoundedToWholeBasisPoints() {
    var url = "/v1/merchants/" + merchant.id() + "/fee";
    var answer = operator("PUT", url, "{\"flat\":\"0\",\"basis_points\":1.5}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(GatewayFixture.json(answer).get("param").stringValue()).isEqualTo("basis_points");
  }

  /// Goal: no bytes in the header make a 5xx or move money. A failure names its seed.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noBytesInTheHeaderAreOurFault(long seed) throws IOException {
    var random = new Random(seed);
    int runs = Boolean.getBoolean("millrace.long") ? 500 : 40;
    var good = payer.voucher(10, 10).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < runs; i++) {
      byte[] header = i % 2 == 0 ? noise(random) : mutated(random, good);
      int status = raw(header);
      assertThat(status).as("seed %d run %d", seed, i).isIn(400, 402);
    }
    assertThat(gateway.upstream.requests).isEmpty();
  }

  /// Goal: the same inside of well-formed base64, where our own parser works.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void noJsonInTheHeaderIsOurFault(long seed) {
    var random = new Random(seed);
    int runs = Boolean.getBoolean("millrace.long") ? 500 : 40;
    var json = Base64.getDecoder().decode(payer.voucher(10, 10));
    for (int i = 0; i < runs; i++) {
      byte[] copy = json.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        copy[random.nextInt(copy.length)] = (byte) random.nextInt(32, 127);
      }
      var header = Base64.getEncoder().encodeToString(copy);
      var answer = gateway.paid(route, header);
      boolean same = Arrays.equals(copy, json);
      if (!same) assertThat(answer.statusCode()).as("seed %d run %d", seed, i).isIn(402, 200, 409);
      if (answer.statusCode() != 402) {
        // A change outside of what is signed or matched, such as the resource's words.
        assertThat(gateway.hub.charged(payer.channelId()).units().longValueExact()).isEqualTo(10);
      }
    }
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(0, 2_000)];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\r' || bytes[i] == '\n') bytes[i] = 'A';
    }
    return bytes;
  }

  /// Never back to what it was: the first character is always another.
  private static byte[] mutated(Random random, byte[] good) {
    byte[] copy = good.clone();
    copy[0] ^= 1;
    for (int n = random.nextInt(0, 6); n > 0; n--) {
      byte replaced = (byte) random.nextInt(256);
      boolean ends = replaced == '\r' || replaced == '\n';
      copy[random.nextInt(1, copy.length)] = ends ? (byte) 'A' : replaced;
    }
    return copy;
  }

  private static int raw(byte[] header) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      var out = socket.getOutputStream();
      var head = "GET " + route + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
      out.write((head + "PAYMENT-SIGNATURE: ").getBytes(StandardCharsets.US_ASCII));
      out.write(header);
      out.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      var line = reader.readLine();
      return line == null ? 0 : Integer.parseInt(line.split(" ", 3)[1]);
    }
  }

  private String changed(String path, String value) {
    var json =
        GatewayFixture.JSON.readTree(
            new String(Base64.getDecoder().decode(payer.voucher(10, 10)), StandardCharsets.UTF_8));
    int slash = path.lastIndexOf('/');
    ((ObjectNode) json.at(path.substring(0, slash))).put(path.substring(slash + 1), value);
    return Base64.getEncoder().encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String error(String header) {
    return ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value().error();
  }
}
