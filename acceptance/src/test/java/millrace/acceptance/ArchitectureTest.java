package millrace.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules that hold between modules; this is the only one that sees them all.
class ArchitectureTest {
  private static final List<String> SERVICES =
      List.of("channel", "settlement", "watchtower", "gateway");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("millrace");

  @ParameterizedTest
  @ValueSource(strings = {"channel", "settlement", "watchtower", "gateway"})
  void noServiceReachesAnotherServicesClasses(String service) {
    var others = new ArrayList<String>();
    for (var other : SERVICES) if (!other.equals(service)) others.add("millrace." + other + "..");
    others.add("millrace.payer..");
    others.add("millrace.embedded..");

    noClasses()
        .that()
        .resideInAPackage("millrace." + service + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others.toArray(String[]::new))
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "protocol",
        "chain",
        "messaging",
        "channel",
        "settlement",
        "watchtower",
        "gateway",
        "payer"
      })
  void featurePackagesFormNoCircles(String module) {
    slices().matching("millrace." + module + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theProtocolReachesNoSpringAndNoOtherModule() {
    noClasses()
        .that()
        .resideInAPackage("millrace.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..",
            "org.web3j..",
            "org.apache.kafka..",
            "java.io..",
            "java.net..",
            "java.sql..",
            "millrace.chain..",
            "millrace.messaging..",
            "millrace.contracts..")
        .check(CLASSES);
  }

  /// So that whatever the command line can do, everybody can.
  @Test
  void theCommandLineKnowsTheHubByItsApiOnly() {
    var others = new ArrayList<String>();
    for (var service : SERVICES) others.add("millrace." + service + "..");
    for (var module :
        List.of("protocol", "chain", "messaging", "payer", "embedded", "standalone")) {
      others.add("millrace." + module + "..");
    }
    noClasses()
        .that()
        .resideInAPackage("millrace.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others.toArray(String[]::new))
        .check(CLASSES);
  }

  /// Rules about packages that nobody has would pass for ever.
  @Test
  void everyServiceIsAmongTheClassesThatAreChecked() {
    for (var service : SERVICES) {
      assertThat(CLASSES.stream().map(type -> type.getPackageName()))
          .anyMatch(name -> name.startsWith("millrace." + service));
    }
  }
}
