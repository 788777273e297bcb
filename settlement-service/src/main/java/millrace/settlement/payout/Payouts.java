package millrace.settlement.payout;

import java.util.List;
import millrace.protocol.type.Address;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface Payouts extends JpaRepository<Payout, String> {
  /// In the order of arrival.
  @Query(
      """
      SELECT p FROM Payout p
       WHERE p.token = :token AND p.state IN (
         millrace.settlement.payout.Payout.State.WAITING,
         millrace.settlement.payout.Payout.State.PROMISED)
       ORDER BY p.place
      """)
  List<Payout> open(Address token, Limit limit);

  @Query(
      """
      SELECT p FROM Payout p
       WHERE p.payee = :payee AND p.state = millrace.settlement.payout.Payout.State.WAITING
      """)
  List<Payout> waitingFor(Address payee);
}
