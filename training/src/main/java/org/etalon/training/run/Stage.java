package org.etalon.training.run;

import java.util.Locale;

/** The stages of a run in their order; each has a sub-folder of its lower-case name. */
public enum Stage {
  /** Problem sets, decontaminated. */
  DATA,
  /** Spectrum phase. */
  SFT,
  /** Pass@K of every checkpoint per subdomain. */
  PROBE,
  /** Fusion of the specialists. */
  FUSE,
  /** Signal phase. */
  MGPO,
  /** Held-out evaluation. */
  EVAL,
  /** SavedModel for serving. */
  EXPORT;

  /** Name of the sub-folder and of the command. */
  public String folderName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
