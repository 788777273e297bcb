package millrace.protocol.eip712;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;

/// Binds signatures to one contract on one chain. The separator is computed once.
public final class Eip712Domain {
  private static final byte[] TYPE =
      Words.typeHash(
          "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final byte[] PREFIX = {0x19, 0x01};

  private final byte[] separator;

  public Eip712Domain(String name, String version, BigInteger chainId, Address verifyingContract) {
    separator =
        Words.struct(TYPE, 4)
            .raw(Keccak.hash(name.getBytes(UTF_8)))
            .raw(Keccak.hash(version.getBytes(UTF_8)))
            .put(chainId)
            .put(verifyingContract)
            .hash();
  }

  public Bytes32 separator() {
    return Bytes32.of(separator);
  }

  /// What is signed: `keccak256(0x1901 ‖ separator ‖ structHash)`.
  public byte[] digest(byte[] structHash) {
    return Keccak.hash(PREFIX, separator, structHash);
  }
}
