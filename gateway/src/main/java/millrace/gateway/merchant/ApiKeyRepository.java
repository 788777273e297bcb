package millrace.gateway.merchant;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ApiKeyRepository extends Repository<ApiKey, String> {
  ApiKey save(ApiKey key);

  @Query("FROM ApiKey WHERE (hash = :hash OR previousHash = :hash) AND revokedAt IS NULL")
  Optional<ApiKey> findBySecret(byte[] hash);

  Optional<ApiKey> findByIdAndMerchantIdAndRevokedAtIsNull(String id, String merchantId);

  long countByMerchantIdAndRevokedAtIsNull(String merchantId);

  /// @param status empty for all
  @Query(
      """
      FROM ApiKey k
       WHERE k.merchantId = :merchant AND k.revokedAt IS NULL AND k.id < :before
         AND k.type IN :types AND k.createdAt >= :from AND k.createdAt < :to
         AND (:status = ''
           OR :status = CASE WHEN k.expiresAt <= :now THEN 'EXPIRED' ELSE 'ACTIVE' END)
       ORDER BY k.id DESC
      """)
  List<ApiKey> list(
      String merchant,
      Collection<KeyType> types,
      String status,
      Instant now,
      Instant from,
      Instant to,
      String before,
      Limit limit);
}
