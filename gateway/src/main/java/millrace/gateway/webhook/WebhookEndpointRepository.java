package millrace.gateway.webhook;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface WebhookEndpointRepository extends Repository<WebhookEndpoint, String> {
  WebhookEndpoint save(WebhookEndpoint endpoint);

  Optional<WebhookEndpoint> findById(String id);

  long countByMerchantIdAndDeletedAtIsNull(String merchantId);

  Optional<WebhookEndpoint> findByIdAndMerchantIdAndDeletedAtIsNull(String id, String merchantId);

  List<WebhookEndpoint> findByMerchantIdAndDeletedAtIsNullAndIdLessThanOrderByIdDesc(
      String merchantId, String before, Limit limit);
}
