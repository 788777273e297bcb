package millrace.protocol.vault;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.eip712.Eip712Domain;
import millrace.protocol.eip712.Secp256k1Keys;
import millrace.protocol.eip712.Words;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;

/// The typed data of one vault. Its name and version are constants of the contract.
public final class VaultDomain {
  public static final String NAME = "Millrace HubVault";
  public static final String VERSION = "1";

  private static final byte[] PROMISE =
      Words.typeHash("Promise(address payee,address token,uint128 cumulative)");

  private final Eip712Domain domain;

  public VaultDomain(BigInteger chainId, Address vault) {
    domain = new Eip712Domain(NAME, VERSION, chainId, vault);
  }

  public Bytes32 separator() {
    return domain.separator();
  }

  public byte[] digest(Promise promise) {
    return domain.digest(
        Words.struct(PROMISE, 3)
            .put(promise.payee())
            .put(promise.token())
            .put(promise.cumulative())
            .hash());
  }

  /// Whose signature it is. Whether the vault honours that key, only the vault knows.
  public Optional<Address> signer(Promise promise, Signature signature) {
    return Secp256k1Keys.recover(digest(promise), signature);
  }
}
