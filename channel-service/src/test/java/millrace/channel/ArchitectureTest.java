package millrace.channel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private final JavaClasses service =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("millrace.channel");

  @Test
  void featuresFormNoCycles() {
    slices().matching("millrace.channel.(*)..").should().beFreeOfCycles().check(service);
  }

  @Test
  void dependsOnNoOtherService() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "millrace.settlement..",
            "millrace.watchtower..",
            "millrace.gateway..",
            "millrace.payer..",
            "millrace.standalone..",
            "millrace.chain..",
            "millrace.contracts..")
        .check(service);
  }

  @Test
  void mapsNoObjectsOntoTables() {
    noClasses()
        .that()
        .resideInAPackage("millrace.channel..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.persistence..")
        .check(service);
  }
}
