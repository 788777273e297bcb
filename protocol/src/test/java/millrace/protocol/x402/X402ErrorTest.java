package millrace.protocol.x402;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import millrace.protocol.channel.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class X402ErrorTest {
  private static final String PREFIX = "invalid_batch_settlement_evm_";
  private static final String WORDS =
      """
      scheme network_mismatch channel_id_mismatch channel_id_invalid receiver_mismatch
      receiver_authorizer_mismatch token_mismatch withdraw_delay_mismatch
      withdraw_delay_out_of_range missing_channel missing_eip712_domain payload_type
      voucher_signature channel_not_found cumulative_exceeds_balance
      cumulative_below_claimed cumulative_amount_mismatch channel_busy
      charge_exceeds_signed_cumulative deposit_below_min_deposit insufficient_balance
      payload_authorization_valid_before payload_authorization_valid_after
      receive_authorization_signature erc3009_authorization_required
      deposit_simulation_failed deposit_transaction_failed claim_simulation_failed
      claim_transaction_failed settle_simulation_failed settle_transaction_failed
      nothing_to_settle refund_payload refund_no_balance refund_amount_invalid
      refund_simulation_failed refund_transaction_failed authorizer_address_mismatch
      authorizer_not_configured rpc_read_failed verification_state_unavailable""";

  @ParameterizedTest
  @CsvSource({
    "STATE_LOST, verification_state_unavailable",
    "NOT_FUNDED, channel_not_found",
    "WITHDRAWAL_PENDING, cumulative_exceeds_balance",
    "SHORTFALL, cumulative_exceeds_balance",
    "BUSY, cumulative_amount_mismatch",
    "BELOW_CLAIMED, cumulative_below_claimed",
    "CUMULATIVE_MISMATCH, cumulative_amount_mismatch",
    "EXCEEDS_BALANCE, cumulative_exceeds_balance",
    "PRICE_ABOVE_LIMIT, verification_state_unavailable",
    "TOWER_BEHIND, verification_state_unavailable",
    "NO_RESERVATION, cumulative_amount_mismatch",
    "REFUND_NO_BALANCE, refund_no_balance",
    "REFUND_AMOUNT_INVALID, refund_amount_invalid",
    "REFUND_TOO_SOON, refund_payload",
  })
  void saysARefusalInTheClientsWords(Refusal refusal, String wire) {
    assertThat(X402Error.of(refusal).wire()).isEqualTo(PREFIX + wire);
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void hasWordsForEveryRefusal(Refusal refusal) {
    assertThat(X402Error.of(refusal).wire()).startsWith(PREFIX);
  }

  @Test
  void keepsTheWordsOfTheProtocol() {
    var plain =
        Stream.of(
            "Payment required",
            "No matching payment requirements",
            "invalid_x402_version",
            "invalid_payload",
            "settlement_pending");
    var prefixed = Pattern.compile("\\s+").splitAsStream(WORDS).map(PREFIX::concat);
    assertThat(Stream.of(X402Error.values()).map(X402Error::wire))
        .containsExactlyInAnyOrderElementsOf(Stream.concat(plain, prefixed).toList());
  }

  @ParameterizedTest
  @EnumSource(X402Error.class)
  void knowsItsOwnWords(X402Error error) {
    assertThat(X402Error.ofWire(error.wire())).contains(error);
  }

  @Test
  void doesNotKnowOthersWords() {
    assertThat(X402Error.ofWire("unexpected_settle_error")).isEmpty();
  }
}
