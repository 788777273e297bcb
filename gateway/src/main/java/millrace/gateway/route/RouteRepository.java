package millrace.gateway.route;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface RouteRepository extends Repository<RouteRow, String> {
  RouteRow save(RouteRow row);

  List<RouteRow> findByDeletedAtIsNull();

  long countByMerchantIdAndDeletedAtIsNull(String merchantId);

  Optional<RouteRow> findByIdAndMerchantIdAndDeletedAtIsNull(String id, String merchantId);

  /// @param method empty for all
  @Query(
      """
      FROM RouteRow
       WHERE merchantId = :merchant AND deletedAt IS NULL AND id < :before
         AND createdAt >= :from AND createdAt < :to
         AND (:method = '' OR methods = ''
           OR locate(concat(' ', :method, ' '), concat(' ', methods, ' ')) > 0)
       ORDER BY id DESC
      """)
  List<RouteRow> list(
      String merchant, String method, Instant from, Instant to, String before, Limit limit);
}
