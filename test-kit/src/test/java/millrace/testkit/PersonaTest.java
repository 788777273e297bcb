package millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PersonaTest {
  @Test
  void everybodyHasAnAddressOfTheirOwn() {
    assertThat(Stream.of(Persona.values()).map(Persona::address)).doesNotHaveDuplicates();
  }

  @Test
  void keysDoNotChangeFromRunToRun() {
    assertThat(Persona.ALICE.address()).hasToString("0x7b485710cb78563e5482cc4d530060309d28910d");
  }
}
