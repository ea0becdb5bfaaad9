package org.etalon.training;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between Etalon's modules, and those between the packages of this one. */
@AnalyzeClasses(
    packages = "org.etalon",
    importOptions = {ImportOption.DoNotIncludeTests.class})
class DependencyTest {
  private static final String[] STAGES = {
    "org.etalon.training.sft..",
    "org.etalon.training.probe..",
    "org.etalon.training.fuse..",
    "org.etalon.training.mgpo..",
    "org.etalon.training.eval..",
    "org.etalon.training.pipeline..",
    "org.etalon.training.cli..",
  };

  @ArchTest
  static final ArchRule nothingBelowDependsOnTraining =
      noClasses()
          .that(resideOutsideOfPackage("org.etalon.training.."))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.etalon.training..");

  @ArchTest
  static final ArchRule dataStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("org.etalon.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.etalon.graph..", "org.etalon.savedmodels..", "org.tensorflow..");

  @ArchTest
  static final ArchRule graphKnowsNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage("org.etalon.graph..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.etalon..").and(resideOutsideOfPackage("org.etalon.graph..")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule supportPackagesKnowNoStage =
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
          .resideInAnyPackage(STAGES);

  @ArchTest
  static final ArchRule configurationKnowsOnlyData =
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
              "com.google.common..");

  @ArchTest
  static final ArchRule statisticsAreNumbersOnly =
      classes()
          .that()
          .resideInAPackage("org.etalon.training.statistics..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.etalon.training.statistics..", "java..", "org.apache.commons.math3..");

  @ArchTest
  static final ArchRule filesAndReportsNeedNoTensorFlow =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.etalon.training.run..",
              "org.etalon.training.report..",
              "org.etalon.training.statistics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..", "org.etalon.graph..");

  @ArchTest
  static final ArchRule onlyTheCommandLinePackagesUsePicocli =
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
          .resideInAPackage("picocli..");
}
