package org.etalon.training.run;

/** The version of this build of Etalon. */
public final class Version {
  private Version() {}

  /** As in the jar's manifest, or {@code development} when classes run outside a jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
