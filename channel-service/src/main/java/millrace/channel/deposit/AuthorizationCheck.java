package millrace.channel.deposit;

import static millrace.messaging.event.SettlementEvent.DepositFailure.EXPIRED;
import static millrace.messaging.event.SettlementEvent.DepositFailure.SIMULATION_FAILED;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.DepositOutcome.Failed;
import millrace.messaging.command.DepositOutcome.Refused;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Bytes32;
import org.springframework.stereotype.Component;

/// Whether it is worth asking the chain: the voucher key is proved, and the payer has allowed the
/// collector to take exactly this amount into exactly this channel.
@Component
class AuthorizationCheck {
  /// An authorisation must live long enough for its transaction to be mined.
  private static final long MARGIN_SECONDS = 6;

  private static final int UINT256_BITS = 256;

  private final HubTerms terms;
  private final ChannelsDomain channels;
  private final TokenDomain token;

  AuthorizationCheck(HubTerms terms) {
    this.terms = terms;
    this.channels = terms.domain();
    this.token =
        new TokenDomain(
            terms.token().name(),
            terms.token().version(),
            terms.chainId(),
            terms.token().address());
  }

  /// What speaks against the terms and keys, which no later time mends.
  Optional<DepositOutcome> objection(DepositCommand command) {
    var config = command.config();
    var signed = command.voucher();
    if (!isUint256(command.salt())
        || !isUint256(command.validAfter())
        || !isUint256(command.validBefore())
        || !terms.match(config)
        || !channels.channelId(config).equals(signed.voucher().channelId())) {
      return Optional.of(new Refused(RefusalReason.TERMS_MISMATCH));
    }
    if (channels.verify(signed, config.payerAuthorizer()).isEmpty()) {
      return Optional.of(new Refused(RefusalReason.VOUCHER_SIGNATURE));
    }
    if (command.amount().isZero() || terms.minDeposit().exceeds(command.amount())) {
      return Optional.of(new Refused(RefusalReason.DEPOSIT_LIMIT));
    }
    byte[] digest =
        token.digest(
            config.payer(),
            terms.collector(),
            command.amount(),
            command.validAfter(),
            command.validBefore(),
            nonce(command));
    return token.signer(digest, command.signature()).filter(config.payer()::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Failed(SIMULATION_FAILED, "the authorisation is not signed by the payer"));
  }

  /// What speaks against relaying it just now.
  Optional<DepositOutcome> untimely(DepositCommand command, Instant now) {
    var seconds = BigInteger.valueOf(now.getEpochSecond());
    if (command.validBefore().compareTo(seconds.add(BigInteger.valueOf(MARGIN_SECONDS))) < 0) {
      return Optional.of(new Failed(EXPIRED, "the authorisation has run out"));
    }
    return command.validAfter().compareTo(seconds) >= 0
        ? Optional.of(new Failed(SIMULATION_FAILED, "the authorisation is not valid yet"))
        : Optional.empty();
  }

  Bytes32 nonce(DepositCommand command) {
    return TokenDomain.depositNonce(command.voucher().voucher().channelId(), command.salt());
  }

  private static boolean isUint256(BigInteger value) {
    return value.signum() >= 0 && value.bitLength() <= UINT256_BITS;
  }
}
