package millrace.standalone.demo;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import millrace.protocol.type.Amount;
import tools.jackson.databind.json.JsonMapper;

/// What the demo measured, as a table for people and one JSON line for programs.
///
/// @param payments answered with a success by the hub
/// @param refused asked for and refused: the cheat's, after it began to leave
/// @param p99Millis of the paid request, deposits apart
/// @param gasPerPayment all gas the hub spent, on deposits, claims and payouts, per payment
/// @param claimed on chain, of what was served
/// @param merchantsPaid what arrived at the merchants' addresses
/// @param owedToMerchants what was served and has not arrived: zero, or money was lost
/// @param fraudLost served to the cheat and not claimed
/// @param ledgerMinusChain what the ledger says the hub holds, less what the contracts hold
record Report(
    long payments,
    long refused,
    double paymentsPerSecond,
    double p99Millis,
    double depositMillis,
    long claimTransactions,
    long gasPerPayment,
    Amount claimed,
    Amount merchantsPaid,
    String owedToMerchants,
    long fraudAttempts,
    long fraudAnswered,
    String fraudLost,
    long webhooksDelivered,
    long webhooksForged,
    String ledgerMinusChain,
    String fsync,
    String synchronousCommit) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Nothing was lost, everybody was paid exactly, and the books agree with the chain.
  boolean isSound() {
    return owedToMerchants.equals("0")
        && fraudLost.equals("0")
        && ledgerMinusChain.equals("0")
        && fraudAnswered == fraudAttempts
        && webhooksDelivered > 0
        && webhooksForged == 0
        && fsync.equals("on")
        && synchronousCommit.equals("on");
  }

  String table() {
    var rows = new LinkedHashMap<String, String>();
    rows.put("payments", "%,d (%,d refused)".formatted(payments, refused));
    rows.put("rate", "%,.0f payments/s, p99 %.1f ms".formatted(paymentsPerSecond, p99Millis));
    rows.put("first payment with deposit", "%.0f ms".formatted(depositMillis));
    rows.put("gas per payment", "%,d".formatted(gasPerPayment));
    rows.put(
        "claimed", "%s USDC in %d transactions".formatted(dollars(claimed), claimTransactions));
    rows.put(
        "paid out",
        "%s USDC, %s base units owed".formatted(dollars(merchantsPaid), owedToMerchants));
    rows.put(
        "fraud attempts",
        "%d, %d answered, %s base units lost".formatted(fraudAttempts, fraudAnswered, fraudLost));
    rows.put("webhooks delivered", "%,d, every signature checked".formatted(webhooksDelivered));
    rows.put("ledger against chain", ledgerMinusChain + " base units apart");
    rows.put("database", "fsync %s, synchronous_commit %s".formatted(fsync, synchronousCommit));
    var table = new StringBuilder();
    rows.forEach((name, value) -> table.append("  %-28s %s%n".formatted(name, value)));
    return table.toString();
  }

  String json() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("payments", payments);
    fields.put("refused", refused);
    fields.put("payments_per_s", rounded(paymentsPerSecond));
    fields.put("p99_ms", rounded(p99Millis));
    fields.put("claim_tx", claimTransactions);
    fields.put("gas_per_payment", gasPerPayment);
    fields.put("merchants_paid", merchantsPaid.toString());
    fields.put("owed_to_merchants", owedToMerchants);
    fields.put("fraud_attempts", fraudAttempts);
    fields.put("fraud_lost", fraudLost);
    fields.put("webhooks_delivered", webhooksDelivered);
    fields.put("ledger_minus_chain", ledgerMinusChain);
    return JSON.writeValueAsString(fields);
  }

  private static String dollars(Amount baseUnits) {
    return new BigDecimal(baseUnits.units(), 6).toPlainString();
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
