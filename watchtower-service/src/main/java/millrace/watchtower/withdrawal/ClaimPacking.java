package millrace.watchtower.withdrawal;

import java.util.ArrayList;
import java.util.List;
import millrace.chain.contract.ClaimForm;
import millrace.chain.contract.ClaimRow;

/// Divides rows into transactions, the most urgent first. One takes at most half of a block, so
/// that two fit into one that is otherwise empty and one fits into what others leave of it.
///
/// @param preferred which form claims take where the rows allow it
/// @param mostRows as configured
/// @param mostGas that a transaction may have
record ClaimPacking(ClaimForm preferred, int mostRows, long mostGas) {
  /// Since EIP-7825 no transaction may have more.
  static final long MOST_GAS = 1 << 24;

  /// @param chainSeconds of the newest block
  /// @param blockGas what a block holds; zero: unknown
  List<List<ExposedCase>> pack(List<ExposedCase> found, long chainSeconds, long blockGas) {
    var cases = found.stream().sorted(ExposedCase.mostUrgentFirst(chainSeconds)).toList();
    long most = blockGas == 0 ? mostGas : Math.min(mostGas, blockGas / 2);
    var transactions = new ArrayList<List<ExposedCase>>();
    for (int from = 0; from < cases.size(); ) {
      int to = Math.min(cases.size(), from + fitting(cases, from, most));
      transactions.add(cases.subList(from, to));
      from = to;
    }
    return transactions;
  }

  /// Rows on terms of their own make all take the longer form, and fewer of them fit.
  private int fitting(List<ExposedCase> cases, int from, long most) {
    int packed = rows(preferred, most);
    var rows = rows(cases, from, packed);
    var form = ClaimForm.of(preferred, rows);
    return form == preferred ? packed : rows(form, most);
  }

  private static List<ClaimRow> rows(List<ExposedCase> cases, int from, int count) {
    return cases.subList(from, Math.min(cases.size(), from + count)).stream()
        .map(ExposedCase::row)
        .toList();
  }

  /// At least one: a block too small for that is none of ours to refuse.
  private int rows(ClaimForm form, long gas) {
    int rows = Math.min(mostRows, form.mostRows());
    while (rows > 1 && form.gas(rows) > gas) rows--;
    return rows;
  }
}
