package millrace.bench.policy;

import java.util.List;
import java.util.Map;
import millrace.protocol.type.Amount;
import millrace.settlement.claim.ClaimPolicy;
import millrace.settlement.claim.ClaimProperties;
import millrace.settlement.payout.PayoutPolicy;
import millrace.settlement.payout.PayoutProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// A policy in the race, set as an operator would set it.
///
/// @param says what is set other than by default
record Contestant(
    String name,
    String says,
    ClaimPolicy claims,
    int maxRows,
    Amount minRowValue,
    PayoutPolicy payouts) {
  private static final String CLAIM = "millrace.settlement.claim";
  private static final String PAYOUT = "millrace.settlement.payout";

  static List<Contestant> all() {
    return List.of(
        of(
            "eager",
            "claims at 1 dollar or 5 minutes, never waits for gas",
            Map.of(
                CLAIM + ".threshold", "1000000",
                CLAIM + ".max-age", "5m",
                CLAIM + ".max-gas-factor", "1",
                PAYOUT + ".max-wait", "0s")),
        of("default", "10 dollars or an hour; 40 while gas is dear", Map.of()),
        of(
            "thrifty",
            "100 dollars or 12 hours; 1,000 while gas is dear",
            Map.of(
                CLAIM + ".threshold", "100000000",
                CLAIM + ".max-age", "12h",
                CLAIM + ".max-rows", "150",
                CLAIM + ".max-gas-factor", "10",
                PAYOUT + ".max-wait", "6h")));
  }

  /// The very classes that the service binds, with its defaults.
  static Contestant of(String name, String says, Map<String, String> settings) {
    var binder = new Binder(new MapConfigurationPropertySource(settings));
    var claim = binder.bindOrCreate(CLAIM, ClaimProperties.class);
    var payout = binder.bindOrCreate(PAYOUT, PayoutProperties.class);
    return new Contestant(
        name, says, claim.policy(), claim.maxRows(), claim.minRowValue(), payout.policy());
  }
}
