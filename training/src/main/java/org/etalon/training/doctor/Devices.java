package org.etalon.training.doctor;

import static org.tensorflow.internal.c_api.global.tensorflow.TFE_ContextListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;

/** The devices TensorFlow sees; its Java API has no call for them, its C API has. */
final class Devices {
  private Devices() {}

  /** Short names such as {@code CPU:0}, a GPU's with its memory. */
  @SuppressWarnings("try") // The scope is not referenced: it frees natives when it closes.
  static List<String> list() {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    try (var scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TFE_Context context = TFE_Context.newContext(TFE_ContextOptions.newContextOptions(), status);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = TFE_ContextListDevices(context, status);
      status.throwExceptionIfNotOK();
      for (int i = 0; i < TF_DeviceListCount(devices); i++) {
        String name = TF_DeviceListName(devices, i, status).getString();
        String type = TF_DeviceListType(devices, i, status).getString();
        String shortName = name.substring(name.lastIndexOf("device:") + "device:".length());
        long bytes = TF_DeviceListMemoryBytes(devices, i, status);
        names.add(type.equals("CPU") ? shortName : shortName + " (" + (bytes >> 20) + " MiB)");
      }
      TF_DeleteDeviceList(devices);
    }
    return names.build();
  }
}
