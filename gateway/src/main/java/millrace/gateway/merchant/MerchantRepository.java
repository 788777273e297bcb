package millrace.gateway.merchant;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface MerchantRepository extends Repository<Merchant, String> {
  Merchant save(Merchant merchant);

  /// Before rows that refer to it are written past Hibernate.
  void flush();

  Optional<Merchant> findById(String id);

  List<Merchant> findByPayoutAddressIn(Collection<String> payoutAddresses);

  List<Merchant> findByIdLessThanOrderByIdDesc(String before, Limit limit);
}
