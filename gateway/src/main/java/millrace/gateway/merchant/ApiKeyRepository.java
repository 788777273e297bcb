package millrace.gateway.merchant;

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

  List<ApiKey> findByMerchantIdAndRevokedAtIsNullAndIdLessThanOrderByIdDesc(
      String merchantId, String before, Limit limit);
}
