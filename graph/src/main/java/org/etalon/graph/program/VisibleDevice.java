package org.etalon.graph.program;

import static org.tensorflow.internal.c_api.global.tensorflow.TFE_ContextListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TFE_ContextOptionsSetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * A device that TensorFlow sees; its Java API has no call for them, its C API has.
 *
 * @param name short, such as {@code GPU:0}
 * @param type {@code CPU} or {@code GPU}
 * @param memoryBytes what TensorFlow may take of a GPU; of a CPU it does not know
 */
public record VisibleDevice(String name, String type, long memoryBytes) {
  static {
    NativeMemory.lift();
  }

  /** Every device, GPUs behind the CPU; no GPU's memory is taken yet. */
  public static List<VisibleDevice> all() {
    return all(GPUOptions.newBuilder().setAllowGrowth(true).build());
  }

  @SuppressWarnings("try") // The scope is not referenced: it frees natives when it closes.
  static List<VisibleDevice> all(GPUOptions gpu) {
    byte[] configuration = ConfigProto.newBuilder().setGpuOptions(gpu).build().toByteArray();
    List<VisibleDevice> all = new ArrayList<>();
    try (var scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
      TFE_ContextOptionsSetConfig(
          options, new BytePointer(configuration), configuration.length, status);
      status.throwExceptionIfNotOK();
      TFE_Context context = TFE_Context.newContext(options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = TFE_ContextListDevices(context, status);
      status.throwExceptionIfNotOK();
      for (int i = 0; i < TF_DeviceListCount(devices); i++) {
        String name = TF_DeviceListName(devices, i, status).getString();
        all.add(
            new VisibleDevice(
                name.substring(name.lastIndexOf("device:") + "device:".length()),
                TF_DeviceListType(devices, i, status).getString(),
                TF_DeviceListMemoryBytes(devices, i, status)));
      }
      TF_DeleteDeviceList(devices);
    }
    return all;
  }
}
