package org.etalon.training;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/**
 * The arrows between Etalon's modules, and those between the packages of this one. Ordinary JUnit
 * tests: Surefire 3.5 drops the results of ArchUnit's own {@code @ArchTest} fields, so that a
 * broken rule would pass unseen.
 */
class DependencyTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.etalon");

  private static final String[] STAGES = {
    "org.etalon.training.sft..",
    "org.etalon.training.probe..",
    "org.etalon.training.fuse..",
    "org.etalon.training.mgpo..",
    "org.etalon.training.eval..",
    "org.etalon.training.pipeline..",
    "org.etalon.training.cli..",
  };

  @Test
  void nothingBelowDependsOnTraining() {
    check(
        noClasses()
            .that(resideOutsideOfPackage("org.etalon.training.."))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.etalon.training.."));
  }

  @Test
  void dataStandsAlone() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.etalon.data..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.etalon.graph..", "org.etalon.savedmodels..", "org.tensorflow.."));
  }

  @Test
  void graphKnowsNothingOfOurs() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.etalon.graph..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("org.etalon..").and(resideOutsideOfPackage("org.etalon.graph..")))
            .allowEmptyShould(true));
  }

  @Test
  void supportPackagesKnowNoStage() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "org.etalon.training.config..",
                "org.etalon.training.run..",
                "org.etalon.training.metrics..",
                "org.etalon.training.statistics..",
                "org.etalon.training.report..",
                "org.etalon.training.doctor..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STAGES));
  }

  @Test
  void configurationKnowsOnlyData() {
    check(
        classes()
            .that()
            .resideInAPackage("org.etalon.training.config..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "org.etalon.training.config..",
                "org.etalon.data..",
                "java..",
                "com.fasterxml.jackson..",
                "com.google.common.."));
  }

  @Test
  void statisticsAreNumbersOnly() {
    check(
        classes()
            .that()
            .resideInAPackage("org.etalon.training.statistics..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "org.etalon.training.statistics..", "java..", "org.apache.commons.math3.."));
  }

  @Test
  void filesAndReportsNeedNoTensorFlow() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "org.etalon.training.run..",
                "org.etalon.training.report..",
                "org.etalon.training.statistics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tensorflow..", "org.etalon.graph.."));
  }

  @Test
  void onlyTheCommandLinePackagesUsePicocli() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "org.etalon.training.config..",
                "org.etalon.training.run..",
                "org.etalon.training.metrics..",
                "org.etalon.training.report..",
                "org.etalon.training.doctor..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli.."));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("org.etalon.training.(*)..").should().beFreeOfCycles());
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
