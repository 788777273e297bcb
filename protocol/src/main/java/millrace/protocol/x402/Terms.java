package millrace.protocol.x402;

import static millrace.protocol.x402.X402Error.CHANNEL_ID_MISMATCH;
import static millrace.protocol.x402.X402Error.DEPOSIT_BELOW_MIN_DEPOSIT;
import static millrace.protocol.x402.X402Error.NETWORK_MISMATCH;
import static millrace.protocol.x402.X402Error.PAYLOAD_AUTHORIZATION_VALID_AFTER;
import static millrace.protocol.x402.X402Error.PAYLOAD_AUTHORIZATION_VALID_BEFORE;
import static millrace.protocol.x402.X402Error.RECEIVER_AUTHORIZER_MISMATCH;
import static millrace.protocol.x402.X402Error.RECEIVER_MISMATCH;
import static millrace.protocol.x402.X402Error.RECEIVE_AUTHORIZATION_SIGNATURE;
import static millrace.protocol.x402.X402Error.TOKEN_MISMATCH;
import static millrace.protocol.x402.X402Error.VOUCHER_SIGNATURE;
import static millrace.protocol.x402.X402Error.WITHDRAW_DELAY_MISMATCH;
import static millrace.protocol.x402.X402Error.WITHDRAW_DELAY_OUT_OF_RANGE;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.type.Address;
import millrace.protocol.x402.ChannelPayload.DepositPayload;

/// Whether a payment is one for this offer, before anyone looks at the channel's money. The first
/// rule that is broken is the answer.
public final class Terms {
  /// The contract's own limits.
  public static final long MIN_WITHDRAW_DELAY_SECONDS = 900;

  public static final long MAX_WITHDRAW_DELAY_SECONDS = 2_592_000;

  /// An authorisation must live long enough for its transaction to be mined.
  private static final long DEPOSIT_MARGIN_SECONDS = 6;

  private Terms() {}

  /// The voucher's signature is not checked here: [ChannelsDomain#verify] makes the proof that
  /// channels ask for.
  public static Optional<X402Error> check(
      ChannelPayload payload, PaymentRequirements offer, ChannelsDomain domain) {
    var config = payload.channelConfig();
    if (!offer.network().chainId().equals(domain.chainId())) return Optional.of(NETWORK_MISMATCH);
    if (!domain.channelId(config).equals(payload.voucher().voucher().channelId())) {
      return Optional.of(CHANNEL_ID_MISMATCH);
    }
    if (!config.receiver().equals(offer.payTo())) return Optional.of(RECEIVER_MISMATCH);
    if (!config.receiverAuthorizer().equals(offer.extra().receiverAuthorizer())) {
      return Optional.of(RECEIVER_AUTHORIZER_MISMATCH);
    }
    if (!config.token().equals(offer.asset())) return Optional.of(TOKEN_MISMATCH);
    long delay = config.withdrawDelaySeconds();
    if (delay != offer.extra().withdrawDelaySeconds()) return Optional.of(WITHDRAW_DELAY_MISMATCH);
    if (delay < MIN_WITHDRAW_DELAY_SECONDS || delay > MAX_WITHDRAW_DELAY_SECONDS) {
      return Optional.of(WITHDRAW_DELAY_OUT_OF_RANGE);
    }
    // A contract wallet could revoke its vouchers after service.
    if (config.payerAuthorizer().isZero()) return Optional.of(VOUCHER_SIGNATURE);
    return Optional.empty();
  }

  /// Whether the deposit's authorisation would be honoured by the token. Ask [#check] first: the
  /// nonce is taken from the voucher's channel id.
  ///
  /// @param now the time of the block in which it could be mined at the earliest
  public static Optional<X402Error> checkDeposit(
      DepositPayload payload, PaymentRequirements offer, Address collector, Instant now) {
    var deposit = payload.deposit();
    if (deposit.amount().isZero()
        || offer.extra().minDeposit().filter(min -> min.exceeds(deposit.amount())).isPresent()) {
      return Optional.of(DEPOSIT_BELOW_MIN_DEPOSIT);
    }
    var seconds = BigInteger.valueOf(now.getEpochSecond());
    var earliestEnd = seconds.add(BigInteger.valueOf(DEPOSIT_MARGIN_SECONDS));
    if (deposit.validBeforeSeconds().compareTo(earliestEnd) < 0) {
      return Optional.of(PAYLOAD_AUTHORIZATION_VALID_BEFORE);
    }
    if (deposit.validAfterSeconds().compareTo(seconds) >= 0) {
      return Optional.of(PAYLOAD_AUTHORIZATION_VALID_AFTER);
    }
    var payer = payload.channelConfig().payer();
    var domain = offer.tokenDomain();
    byte[] digest =
        domain.digest(
            payer,
            collector,
            deposit.amount(),
            deposit.validAfterSeconds(),
            deposit.validBeforeSeconds(),
            deposit.nonce(payload.voucher().voucher().channelId()));
    return domain.signer(digest, deposit.signature()).filter(payer::equals).isPresent()
        ? Optional.empty()
        : Optional.of(RECEIVE_AUTHORIZATION_SIGNATURE);
  }
}
