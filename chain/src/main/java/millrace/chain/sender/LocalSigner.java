package millrace.chain.sender;

import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;

/// A key in this process's memory, given by configuration.
public record LocalSigner(SigningKey key) implements TransactionSigner {
  @Override
  public Address address() {
    return key.address();
  }

  @Override
  public Signature sign(Bytes32 digest) {
    return key.sign(digest.toArray());
  }
}
