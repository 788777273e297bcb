package millrace.settlement.payout;

import java.util.Optional;
import millrace.protocol.type.Address;
import org.springframework.data.jpa.repository.JpaRepository;

interface CreditBatches extends JpaRepository<CreditBatch, Long> {
  Optional<CreditBatch> findFirstByTokenOrderByIdDesc(Address token);

  /// The newest that came through.
  Optional<CreditBatch> findFirstByTokenAndStateOrderByIdDesc(
      Address token, CreditBatch.State state);
}
