package org.etalon.savedmodels;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The arrows from this module to others, and between its packages. Ordinary JUnit tests: Surefire
 * drops the results of ArchUnit's own fields.
 */
class DependencyTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.etalon.savedmodels");

  @Test
  void ofOursOnlyGraphAndData() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.etalon..")
                .and(
                    resideOutsideOfPackages(
                        "org.etalon.savedmodels..", "org.etalon.graph..", "org.etalon.data..")))
        .check(CLASSES);
  }

  @Test
  void safetensorsKnowNoModel() {
    classes()
        .that()
        .resideInAPackage("org.etalon.savedmodels.safetensors..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "org.etalon.savedmodels.safetensors..",
            "org.etalon.data",
            "java..",
            "com.fasterxml.jackson..",
            "com.google.common..")
        .check(CLASSES);
  }

  @Test
  void modelFoldersRunNothing() {
    noClasses()
        .that()
        .resideInAPackage("org.etalon.savedmodels.folder..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.tensorflow..", "org.etalon.graph.program..", "org.etalon.savedmodels.export..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.etalon.savedmodels.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
