package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.vault.Promise;
import millrace.protocol.vault.VaultDomain;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a merchant's own tower hears, at a gateway that can have few streams and fewer connections
/// to its database.
class PromiseStreamIT {
  private static final String STREAM = "/v1/balance/promise/stream";
  private static final SigningKey HUB = SigningKey.of("0x%064x".formatted(77));
  private static final Address TOKEN = GatewayFixture.TERMS.token().address();
  private static final int PER_KEY = 3;
  private static final int TOTAL = 9;
  private static int merchants;
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static TestEvents events;

  private Account merchant;
  private Address payee;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = small();
    events = new TestEvents();
  }

  private static GatewayFixture small() throws IOException {
    return new GatewayFixture(
        database,
        Map.of(
            "millrace.gateway.stream.heartbeat",
            "300ms",
            "millrace.gateway.stream.look",
            "100ms",
            "millrace.gateway.stream.per-key",
            PER_KEY,
            "millrace.gateway.stream.total",
            TOTAL,
            "millrace.gateway.key-cache",
            "1s",
            "spring.datasource.hikari.maximum-pool-size",
            2));
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    payee = Address.of("0x%040x".formatted(0xfadeed00L + ++merchants));
    merchant = merchantPaidAt(payee);
  }

  @Test
  void theNewestPromiseComesAtOnceAndEachNewerOneWhenItIsMade() throws Exception {
    promise(300);
    promise(500);
    awaitPromise("500");
    try (var reader = EventReader.open(gateway, merchant, STREAM)) {
      assertThat(reader.header("Content-Type")).contains("text/event-stream");
      assertThat(reader.header("Cache-Control")).contains("no-store");
      var first = reader.event();
      assertThat(first.type()).isEqualTo("promise");
      assertThat(first.json()).isEqualTo(json(gateway.get(merchant, "/v1/balance/promise")));
      promise(700);
      assertThat(reader.event().json().get("cumulative").stringValue()).isEqualTo("700");
    }
  }

  @Test
  void aStreamOpenedBeforeTheFirstPromiseHearsOfIt() throws Exception {
    try (var reader = EventReader.open(gateway, merchant, STREAM)) {
      assertThat(reader.isQuiet()).isTrue();
      promise(42);
      assertThat(reader.event().json().get("cumulative").stringValue()).isEqualTo("42");
    }
  }

  /// An event that only another gateway of the same hub hears.
  @Test
  void newsThatAnotherGatewayHeardComesAsWell() throws Exception {
    try (var reader = EventReader.open(gateway, merchant, STREAM)) {
      assertThat(reader.isQuiet()).isTrue();
      try (var connection = database.connect();
          var insert =
              connection.prepareStatement(
                  "INSERT INTO promise (payee, token, cumulative, signature, signer, issued_at)"
                      + " VALUES (?, ?, 9, ?, ?, now())")) {
        insert.setBytes(1, payee.toArray());
        insert.setBytes(2, TOKEN.toArray());
        insert.setBytes(3, signed(9).signature().toArray());
        insert.setBytes(4, HUB.address().toArray());
        insert.execute();
      }
      assertThat(reader.event().json().get("cumulative").stringValue()).isEqualTo("9");
    }
  }

  @Test
  void whoComesAgainIsToldOnlyWhatItDoesNotHold() throws Exception {
    promise(500);
    awaitPromise("500");
    String cursor;
    try (var reader = EventReader.open(gateway, merchant, STREAM)) {
      cursor = reader.event().id();
    }
    for (var headers : headersOrParameter(cursor)) {
      try (var reader = EventReader.open(gateway, merchant, headers.path(), headers.headers())) {
        assertThat(reader.isQuiet()).isTrue();
      }
    }
    promise(800);
    awaitPromise("800");
    for (var headers : headersOrParameter(cursor)) {
      try (var reader = EventReader.open(gateway, merchant, headers.path(), headers.headers())) {
        assertThat(reader.event().json().get("cumulative").stringValue()).isEqualTo("800");
      }
    }
  }

  private record Resumption(String path, Map<String, String> headers) {}

  private static Resumption[] headersOrParameter(String cursor) {
    return new Resumption[] {
      new Resumption(STREAM, Map.of("Last-Event-ID", cursor)),
      new Resumption(STREAM + "?after=" + cursor, Map.of()),
      // A browser repeats the address that it began with.
      new Resumption(STREAM + "?after=0", Map.of("Last-Event-ID", cursor))
    };
  }

  /// The hub's database was restored: it knows nothing of what it said last.
  @Test
  void whoHoldsWhatTheHubHasForgottenIsToldWhatTheHubHas() throws Exception {
    promise(500);
    awaitPromise("500");
    var headers = Map.of("Last-Event-ID", "0123456789abcdef");
    try (var reader = EventReader.open(gateway, merchant, STREAM, headers)) {
      assertThat(reader.event().json().get("cumulative").stringValue()).isEqualTo("500");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%20", "", "%C3%A9"})
  void aCursorThatCannotBeOneIsRefused(String cursor) {
    var answer = gateway.get(merchant, STREAM + "?after=" + cursor);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("param").stringValue()).isEqualTo("after");
  }

  @Test
  void nobodyListensWithoutAKeyThatMayReadTheBalance() throws Exception {
    var nobody = gateway.send(HttpRequest.newBuilder(gateway.url(STREAM)));
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(code(nobody)).isEqualTo("missing-api-key");
    var weak = key("payments:read");
    try (var reader = EventReader.open(gateway, weak, STREAM)) {
      assertThat(reader.status()).isEqualTo(403);
    }
  }

  @Test
  void aMerchantHearsNothingOfOthers() throws Exception {
    var other = merchantPaidAt(Address.of("0x%040x".formatted(0xfadeed00L + ++merchants)));
    promise(500);
    awaitPromise("500");
    try (var reader = EventReader.open(gateway, other, STREAM)) {
      assertThat(reader.isQuiet()).isTrue();
    }
  }

  @Test
  void aRevokedKeyHearsNoMore() throws Exception {
    var doomed = key("balance:read");
    try (var reader = EventReader.open(gateway, doomed, STREAM)) {
      reader.heartbeat();
      gateway.send(gateway.request("DELETE", "/v1/api_keys/" + doomed.id(), merchant.key()));
      reader.awaitEnd();
    }
  }

  @Test
  void oneStreamTooManyOfAKeyEndsItsOldest() throws Exception {
    var readers = new ArrayList<EventReader>();
    try {
      for (int i = 0; i <= PER_KEY; i++) {
        readers.add(EventReader.open(gateway, merchant, STREAM));
        readers.getLast().heartbeat();
      }
      readers.getFirst().awaitEnd();
      for (var reader : readers.subList(1, readers.size())) reader.heartbeat();
    } finally {
      readers.forEach(EventReader::close);
    }
  }

  /// With two connections to the database.
  @Test
  void manyStreamsKeepNoConnectionAndOneMoreIsRefused() throws Exception {
    var readers = new ArrayList<EventReader>();
    try {
      awaitStreams(0);
      for (int i = 0; i < TOTAL; i++) {
        var account = i % PER_KEY == 0 ? merchantPaidAt(payee) : merchant;
        if (i % PER_KEY == 0) merchant = account;
        readers.add(EventReader.open(gateway, account, STREAM));
      }
      for (var reader : readers) reader.heartbeat();
      var refused = gateway.get(merchantPaidAt(payee), STREAM);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(code(refused)).isEqualTo("overloaded");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      for (int i = 0; i < 20; i++) {
        assertThat(gateway.get(merchant, "/v1/payments").statusCode()).isEqualTo(200);
      }
      promise(77);
      for (var reader : readers) {
        assertThat(reader.event().json().get("cumulative").stringValue()).isEqualTo("77");
      }
    } finally {
      readers.forEach(EventReader::close);
    }
    awaitStreams(0);
  }

  @Test
  void whoWantsJsonIsSentAway() {
    var answer =
        gateway.send(
            gateway.request("GET", STREAM, merchant.key()).header("Accept", "application/json"));
    assertThat(answer.statusCode()).isEqualTo(406);
    assertThat(code(answer)).isEqualTo("not-acceptable");
  }

  /// It would wait half a minute for requests that are being served.
  @Test
  void aGatewayThatStopsEndsItsStreamsFirst() throws Exception {
    var other = small();
    try (var reader = EventReader.open(other, merchant, STREAM)) {
      reader.heartbeat();
      long start = System.nanoTime();
      other.close();
      reader.awaitEnd();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
  }

  private static void awaitStreams(int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                gateway
                        .context
                        .getBean(io.micrometer.core.instrument.MeterRegistry.class)
                        .get("millrace.gateway.streams")
                        .gauge()
                        .value()
                    == count);
  }

  private void awaitPromise(String cumulative) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                cumulative.equals(
                    json(gateway.get(merchant, "/v1/balance/promise"))
                        .path("cumulative")
                        .asString()));
  }

  private void promise(long cumulative) {
    events.publish(signed(cumulative));
  }

  private PromiseIssued signed(long cumulative) {
    var domain = new VaultDomain(GatewayFixture.TERMS.chainId(), GatewayFixture.TERMS.vault());
    var amount = Amount.of(cumulative);
    var signature = HUB.sign(domain.digest(new Promise(payee, TOKEN, amount)));
    return new PromiseIssued(payee, TOKEN, amount, signature, HUB.address(), Instant.now());
  }

  private Account key(String scope) {
    var made =
        json(
            gateway.post(
                merchant, "/v1/api_keys", "{\"name\":\"k\",\"scopes\":[\"%s\"]}".formatted(scope)));
    return new Account(made.get("id").stringValue(), made.get("secret").stringValue());
  }

  private static Account merchantPaidAt(Address payee) {
    var made =
        json(
            gateway.send(
                gateway
                    .request("POST", "/v1/merchants", GatewayFixture.OPERATOR_KEY)
                    .POST(
                        BodyPublishers.ofString(
                            "{\"name\":\"Shop\",\"payout_address\":\"%s\"}".formatted(payee)))));
    return new Account(
        made.get("merchant").get("id").stringValue(),
        made.get("api_key").get("secret").stringValue());
  }
}
