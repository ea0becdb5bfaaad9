package org.etalon.savedmodels.folder;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import org.etalon.savedmodels.safetensors.Dtype;

/**
 * What of a folder that was read must come back when its model is written again.
 *
 * @param config text of its {@code config.json}
 * @param generation text of its {@code generation_config.json}, if it had one
 * @param dtypes how each weight was stored
 */
public record Origin(String config, Optional<String> generation, Map<String, Dtype> dtypes) {
  public Origin {
    dtypes = ImmutableMap.copyOf(dtypes);
  }
}
