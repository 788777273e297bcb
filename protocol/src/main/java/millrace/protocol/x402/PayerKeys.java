package millrace.protocol.x402;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.ChannelPayload.RefundPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;

/// A payer's side of the protocol: the payloads it signs.
///
/// @param payer owns the tokens and signs deposits
/// @param voucherKey signs vouchers; often the same key
public record PayerKeys(SigningKey payer, SigningKey voucherKey, Deployment deployment) {
  public static PayerKeys of(SigningKey key) {
    return new PayerKeys(key, key, Deployment.CANONICAL);
  }

  /// The channel from which an offer is paid. Offers with equal terms share it.
  public ChannelConfig channelFor(PaymentRequirements offer, Bytes32 salt) {
    return new ChannelConfig(
        payer.address(),
        voucherKey.address(),
        offer.payTo(),
        offer.extra().receiverAuthorizer(),
        offer.asset(),
        offer.extra().withdrawDelaySeconds(),
        salt);
  }

  public SignedVoucher sign(Network network, ChannelConfig channel, Amount ceiling) {
    var domain = deployment.domain(network);
    var voucher = new Voucher(domain.channelId(channel), ceiling);
    return new SignedVoucher(voucher, voucherKey.sign(domain.digest(voucher)));
  }

  /// @param ceiling charged so far and the price
  public VoucherPayload voucher(PaymentRequirements offer, ChannelConfig channel, Amount ceiling) {
    return new VoucherPayload(channel, sign(offer.network(), channel, ceiling));
  }

  /// @param ceiling charged so far and the price
  /// @param salt random: one authorisation per salt
  public DepositPayload deposit(
      PaymentRequirements offer,
      ChannelConfig channel,
      Amount ceiling,
      Amount amount,
      Bytes32 salt,
      Instant now) {
    var voucher = sign(offer.network(), channel, ceiling);
    var validAfter = BigInteger.ZERO;
    var validBefore = BigInteger.valueOf(now.getEpochSecond() + offer.maxTimeoutSeconds());
    var nonce =
        TokenDomain.depositNonce(voucher.voucher().channelId(), new BigInteger(1, salt.toArray()));
    byte[] digest =
        offer
            .tokenDomain()
            .digest(
                payer.address(),
                deployment.depositCollector(),
                amount,
                validAfter,
                validBefore,
                nonce);
    return new DepositPayload(
        channel, voucher, new Deposit(amount, validAfter, validBefore, salt, payer.sign(digest)));
  }

  /// @param charged so far
  /// @param amount empty for all that is unspent
  public RefundPayload refund(
      PaymentRequirements offer, ChannelConfig channel, Amount charged, Optional<Amount> amount) {
    return new RefundPayload(channel, sign(offer.network(), channel, charged), amount);
  }

  /// What a corrective answer may be believed: its state is of this channel, it charges no more
  /// than this key signed, and no less than the chain has recorded. Empty when it may not.
  public Optional<ChannelState> believed(
      PaymentRequirements corrected, ChannelConfig channel, Amount claimedOnChain) {
    var domain = deployment.domain(corrected.network());
    var channelId = domain.channelId(channel);
    return corrected
        .extra()
        .channelState()
        .filter(state -> state.channelId().equals(channelId))
        .filter(state -> !claimedOnChain.exceeds(state.chargedCumulativeAmount()))
        .filter(
            state ->
                corrected
                    .extra()
                    .voucherState()
                    .map(
                        shown ->
                            new SignedVoucher(
                                new Voucher(channelId, shown.signedMaxClaimable()),
                                shown.signature()))
                    .flatMap(signed -> domain.verify(signed, voucherKey.address()))
                    .filter(own -> !state.chargedCumulativeAmount().exceeds(own.ceiling()))
                    .isPresent());
  }
}
