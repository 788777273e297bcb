package millrace.protocol.x402;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import tools.jackson.databind.node.ObjectNode;

/// The scheme's own part of an offer.
///
/// @param tokenName of the token's EIP-712 domain
/// @param tokenVersion of the token's EIP-712 domain
/// @param minDeposit what the client deposits; without it five times the price
/// @param channelState only in a corrective answer
/// @param voucherState only in a corrective answer
/// @param others members this version does not know, as JSON text, kept so that an echo is whole
public record Extra(
    String tokenName,
    String tokenVersion,
    Address receiverAuthorizer,
    long withdrawDelaySeconds,
    Optional<Amount> minDeposit,
    Optional<ChannelState> channelState,
    Optional<VoucherState> voucherState,
    Map<String, String> others) {
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "version",
          "receiverAuthorizer",
          "withdrawDelay",
          "minDeposit",
          "channelState",
          "voucherState");

  public Extra {
    others = Map.copyOf(others);
  }

  /// A plain offer.
  public static Extra of(
      String tokenName,
      String tokenVersion,
      Address receiverAuthorizer,
      long withdrawDelaySeconds,
      Amount minDeposit) {
    return new Extra(
        tokenName,
        tokenVersion,
        receiverAuthorizer,
        withdrawDelaySeconds,
        Optional.of(minDeposit),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  Extra correctedBy(ChannelState state, Optional<VoucherState> voucher) {
    return new Extra(
        tokenName,
        tokenVersion,
        receiverAuthorizer,
        withdrawDelaySeconds,
        minDeposit,
        Optional.of(state),
        voucher,
        others);
  }

  /// Whether the other says at least what this says.
  boolean isWithin(Extra echoed) {
    return tokenName.equals(echoed.tokenName)
        && tokenVersion.equals(echoed.tokenVersion)
        && receiverAuthorizer.equals(echoed.receiverAuthorizer)
        && withdrawDelaySeconds == echoed.withdrawDelaySeconds
        && (minDeposit.isEmpty() || minDeposit.equals(echoed.minDeposit))
        && (channelState.isEmpty() || channelState.equals(echoed.channelState))
        && (voucherState.isEmpty() || voucherState.equals(echoed.voucherState))
        && echoed.others.entrySet().containsAll(others.entrySet());
  }

  static Extra read(Fields fields) {
    return new Extra(
        fields.text("name"),
        fields.text("version"),
        fields.address("receiverAuthorizer"),
        fields.count("withdrawDelay"),
        fields.optionalAmount("minDeposit"),
        fields.optionalObject("channelState").map(ChannelState::read),
        fields.optionalObject("voucherState").map(VoucherState::read),
        fields.others(KNOWN));
  }

  ObjectNode write() {
    var node =
        Json.object()
            .put("name", tokenName)
            .put("version", tokenVersion)
            .put("receiverAuthorizer", receiverAuthorizer.toString())
            .put("withdrawDelay", withdrawDelaySeconds);
    minDeposit.ifPresent(amount -> node.put("minDeposit", amount.toString()));
    channelState.ifPresent(state -> node.set("channelState", state.write()));
    voucherState.ifPresent(state -> node.set("voucherState", state.write()));
    others.forEach((name, json) -> node.set(name, Json.reread(json)));
    return node;
  }
}
