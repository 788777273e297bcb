package millrace.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import millrace.chain.Hub;
import millrace.chain.contract.ClaimFormProperties.Choice;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevChain;
import millrace.protocol.type.Address;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClaimFormsIT {
  private static DevChain chain;
  private static Rpc rpc;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    rpc = new Hub(chain).rpc();
  }

  @AfterAll
  static void stop() {
    rpc.close();
    chain.close();
  }

  @Test
  void ourOwnContractsTakePackedClaims() {
    var forms = asked(chain.deployment().channels(), chain.deployment().vault(), Choice.AUTO);
    assertThat(forms.current()).isEqualTo(ClaimForm.COMPACT);
  }

  /// The collector has code and lacks the function, as the canonical channel contract does.
  @Test
  void aChannelContractThatDoesNotKnowThemGetsTheStandardForm() {
    var forms = asked(chain.deployment().collector(), chain.deployment().vault(), Choice.AUTO);
    assertThat(forms.current()).isEqualTo(ClaimForm.STANDARD);
  }

  @Test
  void anOlderVaultGetsTheStandardForm() {
    var forms = asked(chain.deployment().channels(), chain.deployment().collector(), Choice.AUTO);
    assertThat(forms.current()).isEqualTo(ClaimForm.STANDARD);
  }

  @Test
  void whereNothingIsDeployedYetItAsksAgain() {
    var later = Address.of("0x00000000000000000000000000000000000c1a1e");
    var forms = asked(later, chain.deployment().vault(), Choice.AUTO);
    assertThat(forms.current()).isEqualTo(ClaimForm.STANDARD);
    var code = chain.rpc("eth_getCode", chain.deployment().channels().toString(), "latest");
    chain.rpc("anvil_setCode", later.toString(), code.asString());
    forms.ask();
    assertThat(forms.current()).isEqualTo(ClaimForm.COMPACT);
  }

  @Test
  void theConfiguredFormIsTakenWithoutAsking() {
    var nowhere = Address.of("0x00000000000000000000000000000000000c1a1f");
    assertThat(asked(nowhere, nowhere, Choice.COMPACT).current()).isEqualTo(ClaimForm.COMPACT);
    var ours = chain.deployment();
    assertThat(asked(ours.channels(), ours.vault(), Choice.STANDARD).current())
        .isEqualTo(ClaimForm.STANDARD);
  }

  private static ClaimForms asked(Address channels, Address vault, Choice choice) {
    var forms = new ClaimForms(rpc, channels, vault, new ClaimFormProperties(choice));
    forms.ask();
    return forms;
  }
}
