package millrace.gateway.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemException;
import millrace.gateway.tenancy.Tenancy;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What requests that came with an Idempotency-Key were answered. An answer is stored together with
/// its effect: a gateway that dies before has done neither, and the repeat does both.
@Service
class Repeats {
  private static final Duration KEPT = Duration.ofDays(30);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final JsonMapper json;
  private final JsonMapper stored;
  private final Clock clock;
  private final Seal seal = new Seal();

  Repeats(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.json = json;
    this.stored = ofAnyVersion(json);
    this.clock = clock;
  }

  /// Reads what an earlier version of the gateway answered, and a later one: an answer is kept for
  /// longer than a version may last.
  static JsonMapper ofAnyVersion(JsonMapper json) {
    return json.rebuild()
        .disable(
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
  }

  <T> T inTransaction(Supplier<T> effect) {
    return Objects.requireNonNull(transaction.execute(_ -> effect.get()));
  }

  <T> T once(Request request, Class<T> type, Supplier<T> effect, Runnable replayed) {
    return inTransaction(
        () -> {
          boolean alone = lock(request);
          // An answer is found whoever holds the key: that is but another repeat then.
          var earlier = find(request);
          if (earlier.isPresent()) {
            replayed.run();
            return read(earlier.get(), request, type);
          }
          if (!alone) throw inFlight();
          var answer = effect.get();
          store(request, answer);
          return answer;
        });
  }

  /// The other one may be on another gateway; it is not waited for, because nobody knows how long.
  ///
  /// @return whether there is no other one
  private boolean lock(Request request) {
    return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))")
        .param("idempotency " + tenant() + " " + request.key.value())
        .query(Boolean.class)
        .single();
  }

  private static ProblemException inFlight() {
    return Problem.of(ProblemCode.IN_FLIGHT, "Send it again a little later for its outcome.")
        .retryAfter(Duration.ofSeconds(1))
        .asException();
  }

  private Optional<Stored> find(Request request) {
    return jdbc.sql("SELECT parameters, answer FROM idempotency WHERE merchant_id = ? AND key = ?")
        .params(tenant(), request.key.value())
        .query((row, _) -> new Stored(Bytes32.of(row.getBytes(1)), row.getString(2)))
        .optional();
  }

  private <T> T read(Stored earlier, Request request, Class<T> type) {
    if (!earlier.parameters.equals(Bytes32.of(fingerprint(request)))) {
      throw Problem.of(ProblemCode.IDEMPOTENCY_KEY_REUSED, "The key was used for another request.")
          .about("Idempotency-Key")
          .asException();
    }
    byte[] plain =
        seal.open(Base64.getDecoder().decode(earlier.answer), request.token, request.key.value())
            .orElseThrow(
                () ->
                    Problem.of(
                            ProblemCode.IDEMPOTENCY_KEY_REUSED,
                            "The request was made before, with another API key. Its answer is only"
                                + " for that one.")
                        .about("Idempotency-Key")
                        .asException());
    return stored.readValue(plain, type);
  }

  private void store(Request request, Object answer) {
    byte[] plain = json.writeValueAsBytes(answer);
    jdbc.sql(
            """
            INSERT INTO idempotency (merchant_id, key, parameters, answer, created_at)
            VALUES (?, ?, ?, ?, ?)
            """)
        .params(
            tenant(),
            request.key.value(),
            fingerprint(request),
            Base64.getEncoder()
                .encodeToString(seal.close(plain, request.token, request.key.value())),
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  private byte[] fingerprint(Request request) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(request.operation.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) '\n');
      return sha256.digest(json.writeValueAsBytes(request.parameters));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The operator's keys are apart from every merchant's.
  private static String tenant() {
    return Tenancy.merchantOfThread().map(MerchantId::value).orElse("operator");
  }

  @Scheduled(
      fixedDelayString = "${millrace.gateway.purge-every:1h}",
      initialDelayString = "${millrace.gateway.purge-every:1h}")
  void purge() {
    jdbc.sql("DELETE FROM idempotency WHERE created_at < ?")
        .param(clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC))
        .update();
  }

  /// @param operation method and path
  /// @param token what the caller proves itself by
  record Request(IdempotencyKey key, String operation, Object parameters, String token) {}

  private record Stored(Bytes32 parameters, String answer) {}
}
