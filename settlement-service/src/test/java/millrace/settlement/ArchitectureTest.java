package millrace.settlement;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import millrace.settlement.claim.ClaimPolicy;
import millrace.settlement.claim.ClaimReason;
import millrace.settlement.claim.Unclaimed;
import millrace.settlement.gas.GasPrice;
import millrace.settlement.gas.GasWindow;
import millrace.settlement.payout.PayoutPolicy;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Class<?>[] RULES = {
    ClaimPolicy.class, Unclaimed.class, GasPrice.class, GasWindow.class, PayoutPolicy.class
  };
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("millrace.settlement");

  /// A simulation asks the same rules, with a time of its own.
  @Test
  void whenToClaimAndToPayDependsOnNothingButWhatIsGiven() {
    classes()
        .that(belongToAnyOf(RULES))
        .should()
        .onlyDependOnClassesThat(
            belongToAnyOf(RULES)
                .or(belongToAnyOf(ClaimReason.class))
                .or(
                    resideInAnyPackage(
                        "java.lang..",
                        "java.math..",
                        "java.time..",
                        "java.util..",
                        "millrace.protocol..",
                        "org.jspecify..")))
        .check(CLASSES);
    noClasses()
        .that(belongToAnyOf(RULES))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void noClassOfAnotherServiceIsUsed() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("millrace.channel..")
                .or(resideInAPackage("millrace.gateway.."))
                .or(resideInAPackage("millrace.watchtower..")))
        .check(CLASSES);
  }

  @Test
  void featuresDoNotDependOnEachOtherInCircles() {
    slices().matching("millrace.settlement.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
