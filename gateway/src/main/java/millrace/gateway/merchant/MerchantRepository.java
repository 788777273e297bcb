package millrace.gateway.merchant;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface MerchantRepository extends Repository<Merchant, String> {
  Merchant save(Merchant merchant);

  /// Before rows that refer to it are written past Hibernate.
  void flush();

  Optional<Merchant> findById(String id);

  List<Merchant> findByPayoutAddressIn(Collection<String> payoutAddresses);

  /// @param payee empty for all
  @Query(
      """
      FROM Merchant
       WHERE id < :before AND createdAt >= :from AND createdAt < :to
         AND (:payee = '' OR payoutAddress = :payee)
       ORDER BY id DESC
      """)
  List<Merchant> list(String payee, Instant from, Instant to, String before, Limit limit);
}
