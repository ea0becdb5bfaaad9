package org.etalon.savedmodels;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows from this module to others, and between its packages. */
@AnalyzeClasses(
    packages = "org.etalon.savedmodels",
    importOptions = {ImportOption.DoNotIncludeTests.class})
class DependencyTest {
  @ArchTest
  static final ArchRule ofOursOnlyGraphAndData =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.etalon..")
                  .and(
                      resideOutsideOfPackages(
                          "org.etalon.savedmodels..", "org.etalon.graph..", "org.etalon.data..")));

  @ArchTest
  static final ArchRule safetensorsKnowNoModel =
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
              "com.google.common..");

  @ArchTest
  static final ArchRule modelFoldersRunNothing =
      noClasses()
          .that()
          .resideInAPackage("org.etalon.savedmodels.folder..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.tensorflow..", "org.etalon.graph.program..", "org.etalon.savedmodels.export..");
}
