package org.etalon.training.config;

/**
 * Whether a run is compared with the memory there is before it starts.
 *
 * @param check what happens when the prediction exceeds it
 * @param limitGiB memory to plan for, GiB; 0 is what the device has
 */
public record MemorySettings(Verdict check, double limitGiB) {
  public MemorySettings {
    Check.atLeast("memory.limitGiB", "memory to plan for in GiB (0: the device's)", limitGiB, 0.0);
  }

  /** What happens to a run that is predicted not to fit. */
  public enum Verdict {
    /** It does not start; the message says what would fit. */
    REFUSE("refuse"),
    /** The same message as a warning, and it starts. */
    WARN("warn"),
    /** Nothing is compared. */
    OFF("off");

    private final String name;

    Verdict(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
