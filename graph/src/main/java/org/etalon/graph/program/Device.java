package org.etalon.graph.program;

import java.util.Optional;
import org.tensorflow.DeviceSpec;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.proto.RewriterConfig.NumIterationsType;

/**
 * Where a program's variables are and its steps run.
 *
 * @param kind which sort of device
 * @param ordinal which GPU, from 0, among those that {@code CUDA_VISIBLE_DEVICES} leaves
 * @param memoryGiB most memory taken on a GPU; 0: whatever it has
 * @param growth whether GPU memory is taken as it is needed, or all at the start
 * @param tf32 whether float32 products on a GPU may round their factors to TF32's 10 bits
 */
public record Device(Kind kind, int ordinal, double memoryGiB, boolean growth, boolean tf32) {
  /** A sort of device. */
  public enum Kind {
    /** The GPU if there is one, else the CPU. */
    AUTO,
    /** The CPU, whatever else there is. */
    CPU,
    /** The GPU, or an error. */
    GPU
  }

  /** Our choice: a second pass finds nothing, and takes a fifth of the time before a first step. */
  private static final RewriterConfig REWRITES =
      RewriterConfig.newBuilder().setMetaOptimizerIterations(NumIterationsType.ONE).build();

  private static final String NO_TF32_LIBRARIES = "NVIDIA_TF32_OVERRIDE";
  private static final String NO_TF32_COMPILER = "--xla_gpu_enable_triton_gemm=false";

  public Device {
    if (ordinal < 0) {
      throw new IllegalArgumentException(
          "the number of a GPU must be 0 or more, got " + ordinal + "; set gpu.ordinal");
    }
    if (!(memoryGiB >= 0) || Double.isInfinite(memoryGiB)) {
      throw new IllegalArgumentException(
          "GPU memory must be 0 (all) or more GiB, got " + memoryGiB + "; set gpu.memoryGiB");
    }
  }

  /** The first of this sort; all of a GPU's memory, as it is needed; TF32 allowed. */
  public static Device of(Kind kind) {
    return new Device(kind, 0, 0, true, true);
  }

  /**
   * The same as a CPU or a GPU: what {@link Kind#AUTO} stands for on this machine.
   *
   * @throws IllegalArgumentException if a GPU is asked for and TensorFlow sees none; the message
   *     says what was looked for
   */
  public Device resolved() {
    if (kind == Kind.CPU) {
      return this;
    }
    if (visible().isPresent()) {
      checkTf32();
      return with(Kind.GPU);
    }
    if (kind == Kind.GPU) {
      throw new IllegalArgumentException(
          "GPU "
              + ordinal
              + " was asked for, TensorFlow sees none of that number; set device: cpu or another"
              + " gpu.ordinal, or mend what is missing: "
              + GpuSearch.ofThisMachine().report());
    }
    return with(Kind.CPU);
  }

  /** This GPU as TensorFlow sees it, if it does. */
  public Optional<VisibleDevice> visible() {
    if (kind == Kind.CPU || !GpuSearch.hasNatives()) {
      return Optional.empty();
    }
    return VisibleDevice.all(gpuOptions()).stream()
        .filter(device -> device.type().equals("GPU"))
        .findFirst();
  }

  private Device with(Kind other) {
    return new Device(other, ordinal, memoryGiB, growth, tf32);
  }

  /** Whether a resolved device is a GPU. */
  public boolean isGpu() {
    return kind == Kind.GPU;
  }

  /**
   * TensorFlow's own switch for TF32 is not reachable from Java, so the libraries and XLA are told
   * by the environment, which must be set before the process starts.
   */
  private void checkTf32() {
    boolean libraries = "0".equals(System.getenv(NO_TF32_LIBRARIES));
    String flags = System.getenv("XLA_FLAGS");
    boolean compiler = flags != null && flags.contains(NO_TF32_COMPILER);
    if (!tf32 && !(libraries && compiler)) {
      throw new IllegalArgumentException(
          "gpu.tf32: false needs the environment "
              + NO_TF32_LIBRARIES
              + "=0 and XLA_FLAGS="
              + NO_TF32_COMPILER
              + " before the program starts, got "
              + NO_TF32_LIBRARIES
              + "="
              + System.getenv(NO_TF32_LIBRARIES)
              + " and XLA_FLAGS="
              + flags
              + "; set both, or gpu.tf32: true");
    }
  }

  /** Operations on this device; those it has no kernel for stay on the CPU. */
  public Ops place(Ops tf) {
    return kind == Kind.GPU
        ? tf.withDevice(
            DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build())
        : tf;
  }

  /** A session's configuration for a resolved device. */
  public ConfigProto configuration(int threads) {
    ConfigProto.Builder configuration =
        ConfigProto.newBuilder()
            .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(REWRITES))
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(threads);
    if (kind == Kind.CPU) {
      return configuration.putDeviceCount("GPU", 0).build();
    }
    // Files, text and some integers have no kernels on a GPU.
    return configuration.setAllowSoftPlacement(true).setGpuOptions(gpuOptions()).build();
  }

  /**
   * The only GPU of the process: TensorFlow then counts it as its first. How its memory is taken is
   * settled by whatever opens it first, so all that opens it says the same.
   */
  private GPUOptions gpuOptions() {
    GPUOptions.Builder options =
        GPUOptions.newBuilder()
            .setAllowGrowth(growth)
            .setVisibleDeviceList(Integer.toString(ordinal));
    if (memoryGiB > 0) {
      var limit =
          GPUOptions.Experimental.VirtualDevices.newBuilder()
              .addMemoryLimitMb((float) (memoryGiB * 1024));
      options.setExperimental(GPUOptions.Experimental.newBuilder().addVirtualDevices(limit));
    }
    return options.build();
  }
}
