package millrace.settlement.deposit;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.chain.contract.DepositAuthorization;
import millrace.chain.contract.TokenReader.Authorization;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.KnownChannel;

/// An authorised deposit that is not settled yet.
///
/// @param mined our own transaction that brought it, once that is final
record Deposit(
    Bytes32 nonce,
    KnownChannel channel,
    Amount amount,
    DepositAuthorization authorization,
    DepositState state,
    String detail,
    Optional<Bytes32> mined) {

  Authorization named() {
    return new Authorization(channel.config().payer(), nonce);
  }

  /// EIP-3009 wants the block's time to be before it.
  boolean expiredAt(Instant blockTime) {
    var seconds = BigInteger.valueOf(blockTime.getEpochSecond());
    return seconds.compareTo(authorization.validBefore()) >= 0;
  }
}
