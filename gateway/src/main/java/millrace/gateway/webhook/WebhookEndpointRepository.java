package millrace.gateway.webhook;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface WebhookEndpointRepository extends Repository<WebhookEndpoint, String> {
  WebhookEndpoint save(WebhookEndpoint endpoint);

  Optional<WebhookEndpoint> findById(String id);

  long countByMerchantIdAndDeletedAtIsNull(String merchantId);

  Optional<WebhookEndpoint> findByIdAndMerchantIdAndDeletedAtIsNull(String id, String merchantId);

  /// Locked before anything is done to its lanes, as [Lanes] says.
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<WebhookEndpoint> findLockedByIdAndMerchantIdAndDeletedAtIsNull(
      String id, String merchantId);

  /// @param status empty for all
  /// @param event those that listen to it; empty for all
  @Query(
      """
      FROM WebhookEndpoint
       WHERE merchantId = :merchant AND deletedAt IS NULL AND id < :before
         AND createdAt >= :from AND createdAt < :to
         AND (:status = '' OR :status = CASE WHEN disabledAt IS NOT NULL THEN 'DISABLED'
           WHEN failingSince IS NOT NULL THEN 'FAILING' ELSE 'HEALTHY' END)
         AND (:event = ''
           OR locate(concat(' ', :event, ' '), concat(' ', events, ' ')) > 0)
       ORDER BY id DESC
      """)
  List<WebhookEndpoint> list(
      String merchant,
      String status,
      String event,
      Instant from,
      Instant to,
      String before,
      Limit limit);
}
