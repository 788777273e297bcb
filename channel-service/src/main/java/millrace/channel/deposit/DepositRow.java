package millrace.channel.deposit;

import java.math.BigInteger;
import java.util.Optional;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;

/// A deposit that settlement was asked to relay.
///
/// @param earlyTransaction that brought it, when all of it was taken for final before it was
record DepositRow(
    Bytes32 authorizationNonce,
    ChannelId channelId,
    Address payer,
    Amount amount,
    BigInteger validAfter,
    BigInteger validBefore,
    Signature signature,
    Status status,
    Optional<Bytes32> transaction,
    Optional<Bytes32> earlyTransaction,
    Optional<DepositFailure> failure,
    String detail) {
  enum Status {
    PENDING,
    CONFIRMED,
    FAILED
  }

  static DepositRow pending(Bytes32 nonce, DepositCommand command) {
    return new DepositRow(
        nonce,
        command.voucher().voucher().channelId(),
        command.config().payer(),
        command.amount(),
        command.validAfter(),
        command.validBefore(),
        command.signature(),
        Status.PENDING,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  boolean isSameAs(DepositCommand command) {
    return channelId.equals(command.voucher().voucher().channelId())
        && amount.equals(command.amount())
        && validAfter.equals(command.validAfter())
        && validBefore.equals(command.validBefore())
        && signature.equals(command.signature());
  }
}
