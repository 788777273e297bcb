package millrace.messaging.command;

import java.util.List;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// What the hub has taken for deposits that are not final, and how much of that it may; from
/// `GET /internal/exposure`.
///
/// @param perPayer limit for one payer, zero when deposits count only when final
/// @param total limit for all of them
/// @param used of the total
/// @param payers the most exposed first, not all
public record ExposureView(
    Address token, Amount perPayer, Amount total, Amount used, List<OfPayer> payers) {
  public ExposureView {
    payers = List.copyOf(payers);
  }

  public record OfPayer(Address payer, Amount used) {}
}
