package org.etalon.training.doctor;

import static org.tensorflow.internal.c_api.global.tensorflow.TFE_ContextListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TFE_ContextOptionsSetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.etalon.graph.program.NativeMemory;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** The devices TensorFlow sees; its Java API has no call for them, its C API has. */
public final class Devices {
  static {
    NativeMemory.lift();
  }

  private Devices() {}

  private record Device(String name, String type, long bytes) {}

  /** Memory that TensorFlow may use on the first GPU it sees; empty where it sees none. */
  public static OptionalLong gpuBytes() {
    return devices().stream()
        .filter(device -> device.type.equals("GPU"))
        .mapToLong(Device::bytes)
        .findFirst();
  }

  /** Short names such as {@code CPU:0}, a GPU's with its memory. */
  static List<String> list() {
    return devices().stream()
        .map(
            device ->
                device.type.equals("CPU")
                    ? device.name
                    : device.name + " (" + (device.bytes >> 20) + " MiB)")
        .toList();
  }

  @SuppressWarnings("try") // The scope is not referenced: it frees natives when it closes.
  private static List<Device> devices() {
    ImmutableList.Builder<Device> found = ImmutableList.builder();
    try (var scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
      // Without, looking at a GPU would take all of its memory.
      byte[] config =
          ConfigProto.newBuilder()
              .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
              .build()
              .toByteArray();
      TFE_ContextOptionsSetConfig(options, new BytePointer(config), config.length, status);
      status.throwExceptionIfNotOK();
      TFE_Context context = TFE_Context.newContext(options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = TFE_ContextListDevices(context, status);
      status.throwExceptionIfNotOK();
      for (int i = 0; i < TF_DeviceListCount(devices); i++) {
        String name = TF_DeviceListName(devices, i, status).getString();
        String shortName = name.substring(name.lastIndexOf("device:") + "device:".length());
        found.add(
            new Device(
                shortName,
                TF_DeviceListType(devices, i, status).getString(),
                TF_DeviceListMemoryBytes(devices, i, status)));
      }
      TF_DeleteDeviceList(devices);
    }
    return found.build();
  }
}
