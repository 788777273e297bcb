package millrace.chain.rpc;

import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;

/// What a block's header says of its logs: which contracts surely emitted none.
public record Bloom(Bytes bits) {
  private static final int BYTES = 256;
  private static final int PROBES = 3;

  /// False positives happen, more of them in busier blocks. A header without the field says
  /// nothing, so it denies everything.
  public boolean mayContain(Address contract) {
    if (bits.length() != BYTES) return false;
    byte[] filter = bits.toArray();
    byte[] hash = Keccak.hash(contract.toArray());
    for (int i = 0; i < PROBES; i++) {
      int bit = ((hash[2 * i] & 0xff) << 8 | (hash[2 * i + 1] & 0xff)) % (8 * BYTES);
      if ((filter[BYTES - 1 - bit / 8] >> (bit % 8) & 1) == 0) return false;
    }
    return true;
  }
}
