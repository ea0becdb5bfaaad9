package org.etalon.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.etalon.data", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knowsNoTensorFlowAndNoOtherModule =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.tensorflow..",
              "org.etalon.graph..",
              "org.etalon.savedmodels..",
              "org.etalon.training..");

  @ArchTest
  static final ArchRule ownPackagesHaveNoCycles =
      slices().matching("org.etalon.data.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule rootPackageKnowsNoPackageBelowIt =
      noClasses()
          .that()
          .resideInAPackage("org.etalon.data")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.etalon.data.(*)..");

  @ArchTest
  static final ArchRule onlyTheTokenizerKnowsItsLibrary =
      classes()
          .that()
          .resideInAPackage("ai.djl..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage("ai.djl..", "org.etalon.data.text");
}
