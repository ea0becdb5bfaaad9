package org.etalon.training.config;

/**
 * How a GPU is used; without one, nothing.
 *
 * @param ordinal which GPU, from 0
 * @param memoryGiB most memory taken, 0 for all
 * @param growth whether memory is taken as needed or all at the start
 * @param tf32 whether float32 products may round their factors to TF32
 */
public record GpuSettings(int ordinal, double memoryGiB, boolean growth, boolean tf32) {
  public GpuSettings {
    Check.atLeast("gpu.ordinal", "number of the GPU", ordinal, 0);
    Check.atLeast("gpu.memoryGiB", "GPU memory in GiB (0: all)", memoryGiB, 0.0);
  }
}
