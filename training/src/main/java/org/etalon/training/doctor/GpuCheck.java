package org.etalon.training.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.graph.program.GpuSearch;
import org.etalon.graph.program.VisibleDevice;

/** Devices, and where there is a GPU or ought to be one: which, and what it was set to. */
final class GpuCheck {
  private static final List<String> SETTINGS =
      List.of("CUDA_VISIBLE_DEVICES", "NVIDIA_TF32_OVERRIDE", "XLA_FLAGS");

  private GpuCheck() {}

  static List<Finding> examine() {
    List<VisibleDevice> devices = VisibleDevice.all();
    List<VisibleDevice> gpus = devices.stream().filter(d -> d.type().equals("GPU")).toList();
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "Devices",
            String.join(", ", devices.stream().map(GpuCheck::text).toList())
                + (gpus.isEmpty() ? "; no GPU" : "")));
    List<NvidiaSmi.Gpu> cards = NvidiaSmi.gpus();
    cards.forEach(card -> findings.add(Finding.ok("GPU " + card.index(), card.toString())));
    if (!gpus.isEmpty()) {
      findings.add(Finding.ok("GPU set to", settings()));
    } else if (!cards.isEmpty() || GpuSearch.hasNatives()) {
      findings.add(
          Finding.warn("GPU", "TensorFlow sees none: " + GpuSearch.ofThisMachine().report()));
    }
    return findings;
  }

  private static String text(VisibleDevice device) {
    return device.type().equals("CPU")
        ? device.name()
        : device.name() + " (" + (device.memoryBytes() >> 20) + " MiB)";
  }

  private static String settings() {
    List<String> texts = new ArrayList<>();
    for (String name : SETTINGS) {
      texts.add(name + ": " + Optional.ofNullable(System.getenv(name)).orElse("not set"));
    }
    return String.join("; ", texts);
  }
}
