package millrace.protocol.x402;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.protocol.channel.Refusal;

/// The words in which a server tells an x402 client what is wrong. Clients compare them, so they
/// are fixed.
public enum X402Error {
  PAYMENT_REQUIRED("Payment required", ""),
  NO_MATCHING_REQUIREMENTS("No matching payment requirements", ""),
  INVALID_X402_VERSION("invalid_x402_version", ""),
  INVALID_PAYLOAD("invalid_payload", ""),
  SETTLEMENT_PENDING("settlement_pending", ""),

  SCHEME("scheme"),
  NETWORK_MISMATCH("network_mismatch"),
  CHANNEL_ID_MISMATCH("channel_id_mismatch"),
  CHANNEL_ID_INVALID("channel_id_invalid"),
  RECEIVER_MISMATCH("receiver_mismatch"),
  RECEIVER_AUTHORIZER_MISMATCH("receiver_authorizer_mismatch"),
  TOKEN_MISMATCH("token_mismatch"),
  WITHDRAW_DELAY_MISMATCH("withdraw_delay_mismatch"),
  WITHDRAW_DELAY_OUT_OF_RANGE("withdraw_delay_out_of_range"),
  MISSING_CHANNEL("missing_channel"),
  MISSING_EIP712_DOMAIN("missing_eip712_domain"),
  PAYLOAD_TYPE("payload_type"),

  VOUCHER_SIGNATURE("voucher_signature"),
  CHANNEL_NOT_FOUND("channel_not_found"),
  CUMULATIVE_EXCEEDS_BALANCE("cumulative_exceeds_balance"),
  CUMULATIVE_BELOW_CLAIMED("cumulative_below_claimed"),
  CUMULATIVE_AMOUNT_MISMATCH("cumulative_amount_mismatch"),
  CHANNEL_BUSY("channel_busy"),
  CHARGE_EXCEEDS_SIGNED_CUMULATIVE("charge_exceeds_signed_cumulative"),

  DEPOSIT_BELOW_MIN_DEPOSIT("deposit_below_min_deposit"),
  INSUFFICIENT_BALANCE("insufficient_balance"),
  PAYLOAD_AUTHORIZATION_VALID_BEFORE("payload_authorization_valid_before"),
  PAYLOAD_AUTHORIZATION_VALID_AFTER("payload_authorization_valid_after"),
  RECEIVE_AUTHORIZATION_SIGNATURE("receive_authorization_signature"),
  ERC3009_AUTHORIZATION_REQUIRED("erc3009_authorization_required"),
  DEPOSIT_SIMULATION_FAILED("deposit_simulation_failed"),
  DEPOSIT_TRANSACTION_FAILED("deposit_transaction_failed"),

  CLAIM_SIMULATION_FAILED("claim_simulation_failed"),
  CLAIM_TRANSACTION_FAILED("claim_transaction_failed"),
  SETTLE_SIMULATION_FAILED("settle_simulation_failed"),
  SETTLE_TRANSACTION_FAILED("settle_transaction_failed"),
  NOTHING_TO_SETTLE("nothing_to_settle"),

  REFUND_PAYLOAD("refund_payload"),
  REFUND_NO_BALANCE("refund_no_balance"),
  REFUND_AMOUNT_INVALID("refund_amount_invalid"),
  REFUND_SIMULATION_FAILED("refund_simulation_failed"),
  REFUND_TRANSACTION_FAILED("refund_transaction_failed"),

  AUTHORIZER_ADDRESS_MISMATCH("authorizer_address_mismatch"),
  AUTHORIZER_NOT_CONFIGURED("authorizer_not_configured"),
  RPC_READ_FAILED("rpc_read_failed"),
  VERIFICATION_STATE_UNAVAILABLE("verification_state_unavailable");

  private static final Map<String, X402Error> BY_WIRE =
      Stream.of(values()).collect(toUnmodifiableMap(X402Error::wire, identity()));

  private final String wire;

  X402Error(String suffix) {
    this(suffix, "invalid_batch_settlement_evm_");
  }

  X402Error(String suffix, String prefix) {
    wire = prefix + suffix;
  }

  /// As it stands in `error`, `errorReason` and `invalidReason`.
  public String wire() {
    return wire;
  }

  /// Empty for a word this version does not know: other servers may use more.
  public static Optional<X402Error> ofWire(String wire) {
    return Optional.ofNullable(BY_WIRE.get(wire));
  }

  /// The stock client signs anew only on a mismatch or below-claimed answer and gives up on
  /// `channel_busy`; so a busy channel, and a reservation that ended, ask it to resynchronise.
  public static X402Error of(Refusal refusal) {
    return switch (refusal) {
      case STATE_LOST, PRICE_ABOVE_LIMIT, TOWER_BEHIND -> VERIFICATION_STATE_UNAVAILABLE;
      case NOT_FUNDED -> CHANNEL_NOT_FOUND;
      case WITHDRAWAL_PENDING, SHORTFALL, EXCEEDS_BALANCE -> CUMULATIVE_EXCEEDS_BALANCE;
      case BUSY, CUMULATIVE_MISMATCH, NO_RESERVATION -> CUMULATIVE_AMOUNT_MISMATCH;
      case BELOW_CLAIMED -> CUMULATIVE_BELOW_CLAIMED;
      case REFUND_NO_BALANCE -> X402Error.REFUND_NO_BALANCE;
      case REFUND_AMOUNT_INVALID -> X402Error.REFUND_AMOUNT_INVALID;
      case REFUND_TOO_SOON -> REFUND_PAYLOAD;
    };
  }
}
