package millrace.chain.sender;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Fees;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;

/// EIP-1559 transactions as bytes.
public final class TransactionCodec {
  private final long chainId;

  public TransactionCodec(BigInteger chainId) {
    this.chainId = chainId.longValueExact();
  }

  /// For who keeps no journal of attempts: a call with its signature, ready to be sent.
  public Bytes signed(
      TransactionSigner signer, long nonce, Address to, Bytes data, long gasLimit, Fees fees) {
    var attempt =
        new Attempt(
            0,
            0,
            nonce,
            to,
            data,
            gasLimit,
            fees,
            Optional.empty(),
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty());
    return signed(attempt, signer.sign(digest(attempt))).raw();
  }

  Bytes32 digest(Attempt attempt) {
    return Bytes32.of(Keccak.hash(TransactionEncoder.encode(raw(attempt))));
  }

  Attempt.Signed signed(Attempt attempt, Signature signature) {
    byte[] compact = signature.compact();
    byte[] r = java.util.Arrays.copyOf(compact, 32);
    byte[] s = java.util.Arrays.copyOfRange(compact, 32, 64);
    byte v = (byte) (27 + signature.recoveryId());
    byte[] bytes = TransactionEncoder.encode(raw(attempt), new Sign.SignatureData(v, r, s));
    return new Attempt.Signed(Bytes32.of(Keccak.hash(bytes)), Bytes.of(bytes));
  }

  private RawTransaction raw(Attempt attempt) {
    return RawTransaction.createTransaction(
        chainId,
        BigInteger.valueOf(attempt.nonce()),
        BigInteger.valueOf(attempt.gasLimit()),
        attempt.to().toString(),
        BigInteger.ZERO,
        attempt.data().toString(),
        attempt.fees().priorityFeeWei(),
        attempt.fees().maxFeeWei());
  }
}
