package millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class FreshChainIT {
  @Test
  void chainsOfTwoClassesDoNotSeeEachOther() {
    try (var mine = TestChain.start();
        var yours = TestChain.start()) {
      mine.fund(Persona.ALICE.address(), Amount.of(50));
      assertThat(mine.tokenBalance(Persona.ALICE.address())).isEqualTo(Amount.of(50));
      assertThat(yours.tokenBalance(Persona.ALICE.address())).isEqualTo(Amount.ZERO);
      assertThat(mine.deployment().vault()).isEqualTo(yours.deployment().vault());
    }
  }
}
