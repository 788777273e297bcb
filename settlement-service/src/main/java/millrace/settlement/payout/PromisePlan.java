package millrace.settlement.payout;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// Who is promised how much of the money that no promise has taken. Vouchers name no merchant, so
/// claimed money is nobody's in particular: everybody gets the same part of what is owed.
final class PromisePlan {
  private PromisePlan() {}

  /// @param lacking earned and not promised
  /// @param allLack the same of everybody, more than are looked at here included
  record Claim(Address payee, Amount lacking, BigInteger allLack) {}

  /// By how much each is to be promised more; nobody more than it lacks, all together no more than
  /// `room`.
  static Map<Address, Amount> share(List<Claim> claims, Amount room) {
    var shares = new LinkedHashMap<Address, Amount>();
    for (var claim : claims) {
      var share =
          room.units().compareTo(claim.allLack()) >= 0
              ? claim.lacking()
              : new Amount(claim.lacking().units().multiply(room.units()).divide(claim.allLack()));
      if (!share.isZero()) shares.put(claim.payee(), share);
    }
    return shares;
  }
}
