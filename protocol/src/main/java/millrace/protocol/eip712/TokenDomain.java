package millrace.protocol.eip712;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;

/// The typed data of one EIP-3009 token, of which a deposit uses `ReceiveWithAuthorization`.
public final class TokenDomain {
  private static final byte[] RECEIVE_WITH_AUTHORIZATION =
      Words.typeHash(
          "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,"
              + "uint256 validBefore,bytes32 nonce)");

  private final Eip712Domain domain;

  public TokenDomain(String name, String version, BigInteger chainId, Address token) {
    domain = new Eip712Domain(name, version, chainId, token);
  }

  public Bytes32 separator() {
    return domain.separator();
  }

  /// The nonce of a deposit is bound to its channel, so nobody can point the money elsewhere.
  public static Bytes32 depositNonce(ChannelId channelId, BigInteger salt) {
    return Bytes32.of(Words.plain(2).put(channelId.hash()).put(salt).hash());
  }

  public byte[] digest(
      Address from,
      Address to,
      Amount value,
      BigInteger validAfter,
      BigInteger validBefore,
      Bytes32 nonce) {
    return domain.digest(
        Words.struct(RECEIVE_WITH_AUTHORIZATION, 6)
            .put(from)
            .put(to)
            .put(value)
            .put(validAfter)
            .put(validBefore)
            .put(nonce)
            .hash());
  }

  public Optional<Address> signer(byte[] digest, Signature signature) {
    return Secp256k1Keys.recover(digest, signature);
  }
}
