package org.etalon.training.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @Test
  void everySubjectIsExaminedAndTensorFlowWorks(@TempDir Path folder) {
    List<Finding> findings = Doctor.examine(folder.resolve("not/yet/there"));
    assertEquals(
        List.of("Java", "Cores", "Memory", "Disk", "TensorFlow", "Devices", "XLA", "Sandbox"),
        findings.stream().map(Finding::subject).toList());
    assertTrue(
        findings.stream().noneMatch(f -> f.level() == Finding.Level.FAIL), findings.toString());
    Finding sandbox = finding(findings, "Sandbox");
    assertEquals(Finding.Level.OK, sandbox.level(), sandbox.text());
    assertTrue(sandbox.text().startsWith("bubblewrap runs Python 3."), sandbox.text());
    assertEquals(Finding.Level.OK, finding(findings, "XLA").level(), findings.toString());
    assertTrue(finding(findings, "Devices").text().startsWith("CPU:0"), findings.toString());
    assertTrue(finding(findings, "Disk").text().contains(folder.toString()));
  }

  private static Finding finding(List<Finding> findings, String subject) {
    return findings.stream().filter(f -> f.subject().equals(subject)).findFirst().orElseThrow();
  }
}
