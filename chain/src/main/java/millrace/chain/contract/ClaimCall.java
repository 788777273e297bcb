package millrace.chain.contract;

import java.util.List;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Address;

/// A claim ready to be sent to the vault.
///
/// @param gas what its transaction is to be given
public record ClaimCall(ClaimForm form, Bytes data, long gas) {
  public static ClaimCall of(ClaimForm preferred, List<ClaimRow> rows) {
    var form = ClaimForm.of(preferred, rows);
    var data =
        switch (form) {
          case STANDARD -> ContractCalls.claim(rows);
          case COMPACT -> ContractCalls.claimCompactRows(rows);
        };
    return new ClaimCall(form, data, form.gas(rows.size()));
  }

  static boolean shareTerms(List<ClaimRow> rows) {
    return rows.stream().map(Terms::of).distinct().limit(2).count() == 1;
  }

  /// What one packed call says once for all its rows.
  record Terms(Address receiver, Address receiverAuthorizer, Address token, long withdrawDelay) {
    static Terms of(ClaimRow row) {
      var config = row.config();
      return new Terms(
          config.receiver(),
          config.receiverAuthorizer(),
          config.token(),
          config.withdrawDelaySeconds());
    }
  }
}
