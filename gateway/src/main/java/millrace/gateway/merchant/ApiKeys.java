package millrace.gateway.merchant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import millrace.gateway.admission.RequestRate;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.tenancy.Tenancy;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Makes, checks, rotates and revokes keys. A key that was found is trusted for a moment without
/// another look, so that payments do not each cost a query; a revocation here counts at once.
@Service
class ApiKeys {
  private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);
  private static final Duration RATE_KEPT = Duration.ofMinutes(1);
  private static final int MAX_KEYS = 100;
  private static final int MAX_CACHED = 10_000;

  private final ApiKeyRepository keys;
  private final TransactionTemplate transaction;
  private final Ids ids;
  private final Clock clock;
  private final AuditLog audit;
  private final LiveMode mode;
  private final RateLimitSettings rates;
  private final SecureRandom random = new SecureRandom();

  /// Looks a key up again while requests go on with what is known of it: whoever is busy would
  /// otherwise wait for that look together with everybody else.
  private final LoadingCache<Bytes32, Optional<KnownKey>> cache;

  /// By the key's id, and apart from what is known of it: a second look starts no new count.
  private final Cache<String, RequestRate> rateOf;

  ApiKeys(
      ApiKeyRepository keys,
      TransactionTemplate transaction,
      Ids ids,
      Clock clock,
      AuditLog audit,
      LiveMode mode,
      RateLimitSettings rates,
      MerchantSettings settings) {
    this.keys = keys;
    this.transaction = transaction;
    this.ids = ids;
    this.clock = clock;
    this.audit = audit;
    this.mode = mode;
    this.rates = rates;
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .refreshAfterWrite(settings.keyCache().dividedBy(5))
            .expireAfterWrite(settings.keyCache())
            .executor(Thread::startVirtualThread)
            .build(this::inTransaction);
    this.rateOf =
        Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .expireAfterAccess(rates.window().plus(RATE_KEPT))
            .build();
  }

  Optional<KnownKey> authenticate(Secret secret) {
    if (secret.live() != mode.live()) return Optional.empty();
    var hash = Bytes32.of(secret.hash());
    var found = cache.get(hash);
    // Or strangers would push known keys out with keys that they made up.
    if (found.isEmpty()) cache.invalidate(hash);
    return found;
  }

  private Optional<KnownKey> inTransaction(Bytes32 hash) {
    return Tenancy.asService(
        () -> Optional.ofNullable(transaction.execute(_ -> look(hash.toArray()))).flatMap(c -> c));
  }

  /// Notes the use from time to time only: a payment must not cost a write.
  private Optional<KnownKey> look(byte[] hash) {
    var now = clock.instant();
    return keys.findBySecret(hash)
        .map(
            key -> {
              var known = KnownKey.of(key, key.endOf(hash), rate(key));
              boolean noted =
                  key.lastUsedAt()
                      .filter(last -> now.isBefore(last.plus(USE_NOTED_EVERY)))
                      .isPresent();
              if (!noted && !known.expiredAt(now)) key.usedAt(now);
              return known;
            });
  }

  private RequestRate rate(ApiKey key) {
    long seconds = rates.window().toSeconds();
    int limit =
        (int)
            Math.min(
                key.limits()
                    .requestsPerSecond()
                    .map(each -> each * seconds)
                    .orElse((long) rates.requests()),
                rates.requests());
    return rateOf.get(key.id(), _ -> new RequestRate(limit, rates.window(), System.nanoTime()));
  }

  /// The secret leaves here once and is not kept.
  @Transactional
  public Issued issue(MerchantId merchant, KeyOrder order) {
    if (keys.countByMerchantIdAndRevokedAtIsNull(merchant.value()) >= MAX_KEYS) {
      throw Problem.of(ProblemCode.LIMIT_REACHED, "At most " + MAX_KEYS + " keys.").asException();
    }
    var secret = Secret.random(random, order.type(), mode.live());
    var key = new ApiKey(ids.next("key_"), merchant, order, secret, clock.instant());
    keys.save(key);
    audit.note(merchant, key.id());
    return new Issued(key, secret);
  }

  @Transactional(readOnly = true)
  public Optional<ApiKey> find(MerchantId merchant, String id) {
    return keys.findByIdAndMerchantIdAndRevokedAtIsNull(id, merchant.value());
  }

  @Transactional(readOnly = true)
  public List<ApiKey> list(MerchantId merchant, KeyFilter wanted, PageRequest page) {
    return keys.list(
        merchant.value(),
        wanted.type().<Set<KeyType>>map(Set::of).orElse(EnumSet.allOf(KeyType.class)),
        wanted.status().map(Enum::name).orElse(""),
        clock.instant(),
        wanted.period().fromTime().toInstant(),
        wanted.period().toTime().toInstant(),
        page.before(),
        Limit.of(page.limitAndOne()));
  }

  /// Gives a key another secret. The one it had is good for as long as the overlap says.
  ///
  /// @param allowed whether the caller may have the secret of this key; ends the request if not
  Optional<Issued> rotate(
      MerchantId merchant, String id, Duration overlap, Predicate<ApiKey> allowed) {
    var rotated =
        transaction.execute(
            _ ->
                find(merchant, id)
                    .filter(allowed)
                    .map(
                        key -> {
                          var secret = Secret.random(random, key.type(), mode.live());
                          key.rotate(secret, clock.instant().plus(overlap));
                          audit.note(id);
                          return new Issued(key, secret);
                        }));
    forget(id);
    return Optional.ofNullable(rotated).flatMap(issued -> issued);
  }

  /// False when the merchant has no such key.
  boolean revoke(MerchantId merchant, String id) {
    var revoked =
        transaction.execute(
            _ ->
                keys.findByIdAndMerchantIdAndRevokedAtIsNull(id, merchant.value())
                    .map(
                        key -> {
                          key.revokedAt(clock.instant());
                          audit.note(id);
                          return true;
                        })
                    .orElse(false));
    forget(id);
    return Boolean.TRUE.equals(revoked);
  }

  /// Not before others can see the change: a look in between would remember what was.
  private void forget(String id) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      forgetNow(id);
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            forgetNow(id);
          }
        });
  }

  private void forgetNow(String id) {
    cache
        .asMap()
        .values()
        .removeIf(known -> known.filter(key -> key.caller().keyId().equals(id)).isPresent());
  }

  record Issued(ApiKey key, Secret secret) {}
}
