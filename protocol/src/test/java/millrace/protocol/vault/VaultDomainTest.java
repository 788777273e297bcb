package millrace.protocol.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class VaultDomainTest {
  private static final SigningKey KEY = SigningKey.of("0x%064x".formatted(7));
  private static final Address VAULT = Address.of("0x%040x".formatted(0xaa));
  private static final Promise PROMISE =
      new Promise(
          Address.of("0x%040x".formatted(1)), Address.of("0x%040x".formatted(2)), Amount.of(2_800));

  private final VaultDomain domain = new VaultDomain(BigInteger.valueOf(31_337), VAULT);

  @Test
  void aPromiseNamesWhoeverSignedIt() {
    var signature = KEY.sign(domain.digest(PROMISE));
    assertThat(domain.signer(PROMISE, signature)).contains(KEY.address());
  }

  @Test
  void anotherAmountPayeeTokenVaultOrChainIsAnotherPromise() {
    var signature = KEY.sign(domain.digest(PROMISE));
    var more = new Promise(PROMISE.payee(), PROMISE.token(), Amount.of(2_801));
    var swapped = new Promise(PROMISE.token(), PROMISE.payee(), PROMISE.cumulative());
    var elsewhere = new VaultDomain(BigInteger.valueOf(31_337), PROMISE.token());
    var otherChain = new VaultDomain(BigInteger.ONE, VAULT);
    assertThat(domain.signer(more, signature)).isNotEqualTo(domain.signer(PROMISE, signature));
    assertThat(domain.signer(swapped, signature)).isNotEqualTo(domain.signer(PROMISE, signature));
    assertThat(elsewhere.signer(PROMISE, signature))
        .isNotEqualTo(domain.signer(PROMISE, signature));
    assertThat(otherChain.signer(PROMISE, signature))
        .isNotEqualTo(domain.signer(PROMISE, signature));
  }
}
