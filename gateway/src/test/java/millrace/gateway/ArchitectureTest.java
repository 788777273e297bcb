package millrace.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Operator;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RestController;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("millrace.gateway");

  @Test
  void featuresDoNotDependOnEachOtherInCircles() {
    slices().matching("millrace.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noClassOfAnotherServiceIsUsed() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("millrace.channel..")
                .or(resideInAPackage("millrace.settlement.."))
                .or(resideInAPackage("millrace.watchtower.."))
                .or(resideInAPackage("millrace.chain.."))
                .or(resideInAPackage("millrace.contracts..")))
        .check(CLASSES);
  }

  @Test
  void everyHandlerSaysFirstWhoMayCallIt() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .areAnnotatedWith(RestController.class)
        .and()
        .arePackagePrivate()
        .should(letNobodyInUnasked())
        .check(CLASSES);
  }

  private static ArchCondition<JavaMethod> letNobodyInUnasked() {
    return new ArchCondition<>("take a Caller or an Operator first") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        var first = method.getRawParameterTypes();
        boolean asked =
            !first.isEmpty()
                && (first.getFirst().isEquivalentTo(Caller.class)
                    || first.getFirst().isEquivalentTo(Operator.class));
        if (!asked) events.add(SimpleConditionEvent.violated(method, method.getFullName()));
      }
    };
  }
}
