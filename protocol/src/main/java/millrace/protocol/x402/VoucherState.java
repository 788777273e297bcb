package millrace.protocol.x402;

import java.util.Optional;
import millrace.protocol.channel.Account;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import tools.jackson.databind.node.ObjectNode;

/// The newest voucher the server holds, shown to its signer so that it can resynchronise.
public record VoucherState(Amount signedMaxClaimable, Signature signature) {
  /// Ask only after the request's own voucher signature was verified. A signature authorises a
  /// refund, so one that is public already, or no longer above what was claimed, is not confirmed.
  public static Optional<VoucherState> disclosable(Account account) {
    return account
        .newest()
        .filter(newest -> newest.voucher().ceiling().exceeds(account.claimed()))
        .filter(newest -> newest.voucher().ceiling().exceeds(account.publishedCeiling()))
        .map(newest -> new VoucherState(newest.voucher().ceiling(), newest.signature()));
  }

  static VoucherState read(Fields fields) {
    return new VoucherState(
        fields.amount("signedMaxClaimable"), fields.as("signature", Signature::of));
  }

  ObjectNode write() {
    return Json.object()
        .put("signedMaxClaimable", signedMaxClaimable.toString())
        .put("signature", signature.toString());
  }
}
