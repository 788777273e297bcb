package millrace.protocol.eip712;

import org.bouncycastle.crypto.digests.KeccakDigest;

/// Keccak-256, the hash of the EVM (not the JDK's SHA3-256, whose padding differs).
public final class Keccak {
  private Keccak() {}

  public static byte[] hash(byte[]... parts) {
    var digest = new KeccakDigest(256);
    for (byte[] part : parts) digest.update(part, 0, part.length);
    byte[] out = new byte[32];
    digest.doFinal(out, 0);
    return out;
  }
}
