package millrace.gateway.route;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import millrace.protocol.type.Amount;

/// What a request to a route costs: always the same, or by the unit of what it used.
///
/// @param most that one request costs; what its payer signs
/// @param perUnit empty when every request costs `most`
public record Price(Amount most, Optional<Amount> perUnit) {
  /// How an upstream says how many units a request used.
  public static final String USAGE_HEADER = "Millrace-Usage";

  private static final Pattern UNITS = Pattern.compile("[0-9]{1,18}");

  /// What is charged for a request that was served. Never more than the payer signed. Empty when
  /// the upstream does not say what was used: then there is nothing to charge by.
  ///
  /// @param usage values of the upstream's usage header
  public Optional<Amount> charge(List<String> usage) {
    if (perUnit.isEmpty()) return Optional.of(most);
    if (usage.size() != 1 || !UNITS.matcher(usage.getFirst()).matches()) return Optional.empty();
    var used = perUnit.get().units().multiply(new BigInteger(usage.getFirst()));
    return Optional.of(new Amount(used.min(most.units())));
  }
}
