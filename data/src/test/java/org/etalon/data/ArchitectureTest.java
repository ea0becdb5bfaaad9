package org.etalon.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static JavaClasses module;

  @BeforeAll
  static void importModule() {
    module =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.etalon.data");
  }

  @Test
  void knowsNoTensorFlowAndNoOtherModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.tensorflow..",
            "org.etalon.graph..",
            "org.etalon.savedmodels..",
            "org.etalon.training..")
        .check(module);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.etalon.data.(*)..").should().beFreeOfCycles().check(module);
  }

  @Test
  void rootPackageKnowsNoPackageBelowIt() {
    noClasses()
        .that()
        .resideInAPackage("org.etalon.data")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.etalon.data.*..")
        .check(module);
  }

  @Test
  void onlyTheTokenizerKnowsItsLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.etalon.data.text")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(module);
  }
}
