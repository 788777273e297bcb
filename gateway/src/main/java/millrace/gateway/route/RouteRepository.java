package millrace.gateway.route;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface RouteRepository extends Repository<RouteRow, String> {
  RouteRow save(RouteRow row);

  List<RouteRow> findByDeletedAtIsNull();

  long countByMerchantIdAndDeletedAtIsNull(String merchantId);

  Optional<RouteRow> findByIdAndMerchantIdAndDeletedAtIsNull(String id, String merchantId);

  List<RouteRow> findByMerchantIdAndDeletedAtIsNullAndIdLessThanOrderByIdDesc(
      String merchantId, String before, Limit limit);
}
