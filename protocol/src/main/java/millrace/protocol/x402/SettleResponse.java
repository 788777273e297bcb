package millrace.protocol.x402;

import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// How a payment ended.
///
/// @param errorReason a word of [X402Error], or another server's own; present when it failed
/// @param transaction of the deposit or refund; a voucher alone has none
/// @param amount deposited or refunded; a voucher alone moves nothing on chain
/// @param channelState present after success: without it the client does not advance
/// @param chargedAmount at most the price; absent after a refund
public record SettleResponse(
    boolean success,
    Optional<String> errorReason,
    Optional<Address> payer,
    Optional<Bytes32> transaction,
    Network network,
    Optional<Amount> amount,
    Optional<ChannelState> channelState,
    Optional<Amount> chargedAmount) {
  public static SettleResponse charged(
      Network network, Address payer, ChannelState state, Amount charged) {
    return succeeded(
        network, payer, Optional.empty(), Optional.empty(), state, Optional.of(charged));
  }

  public static SettleResponse deposited(
      Network network,
      Address payer,
      Bytes32 transaction,
      Amount deposited,
      ChannelState state,
      Amount charged) {
    return succeeded(
        network,
        payer,
        Optional.of(transaction),
        Optional.of(deposited),
        state,
        Optional.of(charged));
  }

  public static SettleResponse refunded(
      Network network, Address payer, Bytes32 transaction, Amount refunded, ChannelState state) {
    return succeeded(
        network, payer, Optional.of(transaction), Optional.of(refunded), state, Optional.empty());
  }

  public static SettleResponse failed(Network network, Optional<Address> payer, X402Error error) {
    return new SettleResponse(
        false,
        Optional.of(error.wire()),
        payer,
        Optional.empty(),
        network,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static SettleResponse succeeded(
      Network network,
      Address payer,
      Optional<Bytes32> transaction,
      Optional<Amount> amount,
      ChannelState state,
      Optional<Amount> charged) {
    return new SettleResponse(
        true,
        Optional.empty(),
        Optional.of(payer),
        transaction,
        network,
        amount,
        Optional.of(state),
        charged);
  }

  public static Parsed<SettleResponse> ofHeader(String header) {
    return Headers.decode(header, SettleResponse::ofJson);
  }

  public static Parsed<SettleResponse> ofJson(String json) {
    return Json.parse(json, SettleResponse::read);
  }

  public String toHeader() {
    return Headers.encode(toJson());
  }

  /// `transaction` is always written, and `amount` after success: clients expect the empty string.
  public String toJson() {
    var node = Json.object().put("success", success);
    errorReason.ifPresent(reason -> node.put("errorReason", reason));
    payer.ifPresent(address -> node.put("payer", address.toString()));
    node.put("transaction", transaction.map(Bytes32::toString).orElse(""));
    node.put("network", network.toString());
    if (success || amount.isPresent()) {
      node.put("amount", amount.map(Amount::toString).orElse(""));
    }
    if (channelState.isPresent() || chargedAmount.isPresent()) {
      var extra = Json.object();
      channelState.ifPresent(state -> extra.set("channelState", state.write()));
      chargedAmount.ifPresent(charged -> extra.put("chargedAmount", charged.toString()));
      node.set("extra", extra);
    }
    return Json.write(node);
  }

  private static SettleResponse read(Fields fields) {
    var extra = fields.optionalObject("extra");
    boolean hasAmount = fields.optionalText("amount").filter(text -> !text.isEmpty()).isPresent();
    return new SettleResponse(
        fields.flag("success"),
        fields.optionalText("errorReason"),
        fields.has("payer") ? Optional.of(fields.address("payer")) : Optional.empty(),
        fields.text("transaction").isEmpty()
            ? Optional.empty()
            : Optional.of(fields.as("transaction", Bytes32::of)),
        fields.as("network", Network::of),
        hasAmount ? Optional.of(fields.amount("amount")) : Optional.empty(),
        extra.flatMap(some -> some.optionalObject("channelState")).map(ChannelState::read),
        extra.flatMap(some -> some.optionalAmount("chargedAmount")));
  }
}
