package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

class DeviceTest {
  /** A machine of this build: on one with a GPU some of these would find it. */
  @BeforeEach
  void thereIsNoGpu() {
    assumeTrue(Device.of(Device.Kind.AUTO).visible().isEmpty());
  }

  @Test
  void autoIsTheCpuWhereThereIsNoGpu() {
    assertEquals(Device.Kind.CPU, Device.of(Device.Kind.AUTO).resolved().kind());
  }

  @Test
  void aGpuThatIsNotThereIsAnErrorThatSaysWhatWasLookedFor() {
    var options = ExecutionOptions.defaults().withDevice(Device.of(Device.Kind.GPU));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Program(SmallModel.TIED.config(), options).close());
    for (String part :
        List.of(
            "GPU 0", "set device: cpu", "mvn -Pgpu package", "NVIDIA driver", "libcudnn.so.9")) {
      assertTrue(error.getMessage().contains(part), part + " in " + error.getMessage());
    }
  }

  @Test
  void theCpuHidesEveryGpuFromItsSession() {
    var configuration = Device.of(Device.Kind.CPU).configuration(3);
    assertEquals(0, configuration.getDeviceCountOrThrow("GPU"));
    assertEquals(3, configuration.getIntraOpParallelismThreads());
    assertFalse(configuration.getAllowSoftPlacement());
  }

  @Test
  void aGpusMemoryIsTakenAsAskedFor() {
    var device = new Device(Device.Kind.GPU, 2, 1.5, true, true);
    GPUOptions gpu = device.configuration(0).getGpuOptions();
    assertTrue(gpu.getAllowGrowth());
    assertEquals("2", gpu.getVisibleDeviceList());
    assertEquals(1, gpu.getExperimental().getVirtualDevicesCount());
    assertEquals(List.of(1536f), gpu.getExperimental().getVirtualDevices(0).getMemoryLimitMbList());
    GPUOptions all =
        new Device(Device.Kind.GPU, 0, 0, false, true).configuration(0).getGpuOptions();
    assertFalse(all.getAllowGrowth());
    assertEquals(0, all.getExperimental().getVirtualDevicesCount());
  }

  /** Its only GPU is a process's first, whatever its number in the machine. */
  @Test
  void operationsAndCallsOfCompiledFunctionsArePlaced() {
    try (Graph graph = new Graph()) {
      Ops tf = new Device(Device.Kind.GPU, 2, 0, true, true).place(Ops.create(graph));
      tf.withSubScope("inner").withName("handle").varHandleOp(TFloat32.class, Shape.of(2));
      var x = Bucket.placeholder(tf, TFloat32.class, 2);
      Lowering.XLA.call(tf, "step", List.of(x), (fn, in) -> List.of(fn.math.neg(x(in))));
      var nodes = graph.toGraphDef().getNodeList();
      assertEquals(
          List.of("/device:GPU:0"),
          nodes.stream()
              .filter(n -> n.getOp().equals("VarHandleOp") || n.getName().equals("step"))
              .map(NodeDef::getDevice)
              .distinct()
              .toList());
      assertEquals(
          List.of(""),
          graph.toGraphDef().getLibrary().getFunction(0).getNodeDefList().stream()
              .map(NodeDef::getDevice)
              .distinct()
              .toList());
    }
  }

  @SuppressWarnings("unchecked") // the function's only input
  private static Operand<TFloat32> x(List<Operand<?>> in) {
    return (Operand<TFloat32>) in.get(0);
  }

  @Test
  void numbersOutOfRangeNameTheirKey() {
    assertTrue(refusal(-1, 0).contains("gpu.ordinal"));
    assertTrue(refusal(0, -1).contains("gpu.memoryGiB"));
    assertTrue(refusal(0, Double.NaN).contains("gpu.memoryGiB"));
  }

  private static String refusal(int ordinal, double memory) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new Device(Device.Kind.GPU, ordinal, memory, true, true))
        .getMessage();
  }

  @Test
  void librariesAreMissingWhereNoFolderHoldsThem(@TempDir Path folder) throws Exception {
    Files.createFile(folder.resolve("libcudnn.so.9"));
    List<String> missing = GpuSearch.missing(List.of(folder.toString()));
    assertEquals(GpuSearch.LIBRARIES.size() - 1, missing.size());
    assertFalse(missing.contains("libcudnn.so.9"));
  }

  @Test
  void theDriverIsNamedWhereThereIsOne(@TempDir Path folder) throws Exception {
    Path version = folder.resolve("version");
    assertTrue(GpuSearch.driver(version).startsWith("none"));
    Files.writeString(version, "NVRM version: 570.1\nGCC version: 12\n");
    assertEquals("NVRM version: 570.1", GpuSearch.driver(version));
  }

  @Test
  void visibleDevicesBeginWithTheCpu() {
    VisibleDevice first = VisibleDevice.all().get(0);
    assertEquals("CPU:0", first.name());
    assertEquals("CPU", first.type());
  }
}
