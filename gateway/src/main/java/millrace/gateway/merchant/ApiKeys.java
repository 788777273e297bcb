package millrace.gateway.merchant;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/// Makes, checks and revokes keys. A key that was found is trusted for a moment without another
/// look, so that payments do not each cost a query; a revocation here counts at once.
@Service
class ApiKeys {
  private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);
  private static final int MAX_KEYS = 100;
  private static final int MAX_CACHED = 10_000;

  private final ApiKeyRepository keys;
  private final TransactionTemplate transaction;
  private final Ids ids;
  private final Clock clock;
  private final MerchantSettings settings;
  private final SecureRandom random = new SecureRandom();

  /// Looks a key up again while requests go on with what is known of it: whoever is busy would
  /// otherwise wait for that look together with everybody else.
  private final LoadingCache<Bytes32, Optional<Caller>> cache;

  ApiKeys(
      ApiKeyRepository keys,
      TransactionTemplate transaction,
      Ids ids,
      Clock clock,
      MerchantSettings settings) {
    this.keys = keys;
    this.transaction = transaction;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .refreshAfterWrite(settings.keyCache().dividedBy(5))
            .expireAfterWrite(settings.keyCache())
            .executor(Thread::startVirtualThread)
            .build(this::inTransaction);
  }

  Optional<Caller> authenticate(Secret secret) {
    var hash = Bytes32.of(secret.hash());
    var found = cache.get(hash);
    // Or strangers would push known keys out with keys that they made up.
    if (found.isEmpty()) cache.invalidate(hash);
    return found;
  }

  private Optional<Caller> inTransaction(Bytes32 hash) {
    return Optional.ofNullable(transaction.execute(_ -> look(hash))).flatMap(c -> c);
  }

  private Optional<Caller> look(Bytes32 hash) {
    var now = clock.instant();
    return keys.findByHashAndRevokedAtIsNull(hash.toArray())
        .map(
            key -> {
              if (key.lastUsedAt()
                  .filter(last -> now.isBefore(last.plus(USE_NOTED_EVERY)))
                  .isEmpty()) {
                key.usedAt(now);
              }
              return new Caller(key.merchantId(), key.id(), key.scopes());
            });
  }

  /// The secret leaves here once and is not kept.
  @Transactional
  Issued issue(MerchantId merchant, String name, Set<Scope> scopes) {
    if (keys.countByMerchantIdAndRevokedAtIsNull(merchant.value()) >= MAX_KEYS) {
      throw Problem.of(ProblemCode.LIMIT_REACHED, "At most " + MAX_KEYS + " keys.").asException();
    }
    var secret = Secret.random(random, settings.liveMode());
    var key = new ApiKey(ids.next("key_"), merchant, name, secret, scopes, clock.instant());
    return new Issued(keys.save(key), secret);
  }

  @Transactional(readOnly = true)
  List<ApiKey> list(MerchantId merchant, PageRequest page) {
    return keys.findByMerchantIdAndRevokedAtIsNullAndIdLessThanOrderByIdDesc(
        merchant.value(), page.before(), Limit.of(page.limitAndOne()));
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
                          return true;
                        })
                    .orElse(false));
    cache
        .asMap()
        .values()
        .removeIf(known -> known.filter(caller -> caller.keyId().equals(id)).isPresent());
    return Boolean.TRUE.equals(revoked);
  }

  record Issued(ApiKey key, Secret secret) {}
}
