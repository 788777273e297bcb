package millrace.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The rules stay pure: what they decide depends on nothing but what they are given.
class ArchitectureTest {
  private static final JavaClasses PROTOCOL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("millrace.protocol");

  @Test
  void dependsOnLittle() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "millrace.protocol..",
            "java..",
            "org.bouncycastle..",
            "fr.acinq..",
            "tools.jackson..",
            "org.jspecify..",
            "com.google.errorprone.annotations..")
        .check(PROTOCOL);
  }

  @Test
  void speaksJsonOnlyOnTheWire() {
    noClasses()
        .that()
        .resideOutsideOfPackage("millrace.protocol.x402..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson..")
        .check(PROTOCOL);
  }

  @Test
  void doesNoInputOrOutput() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.sql..",
            "java.lang.reflect..")
        .check(PROTOCOL);
  }

  @Test
  void hasNoClockAndNoDice() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.(Random|concurrent\\.ThreadLocalRandom|UUID)")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.security.SecureRandom.class)
        .check(PROTOCOL);
  }

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching("millrace.protocol.(*)..").should().beFreeOfCycles().check(PROTOCOL);
  }
}
