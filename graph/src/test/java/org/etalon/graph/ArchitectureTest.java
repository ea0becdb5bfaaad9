package org.etalon.graph;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.tensorflow.Session;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.etalon");

  @Test
  void dependsOnNoOtherModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.etalon.data..", "org.etalon.savedmodels..", "org.etalon.training..")
        .check(CLASSES);
  }

  @Test
  void buildTimeKnowsNoSessionAndNoRunTime() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..graph.model..", "..graph.loss..", "..graph.optim..", "..graph.decode..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..graph.program..", "..graph.rollout..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Session.class)
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.etalon.(graph..)").should().beFreeOfCycles().check(CLASSES);
  }
}
