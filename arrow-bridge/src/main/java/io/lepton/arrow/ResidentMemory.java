package io.lepton.arrow;

/**
 * JavaCPP's limit of what a process has in memory. By itself it refuses to work where that, mapped
 * files included, is over four times the largest heap, which vectors and shards may well be.
 */
public final class ResidentMemory {
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final String OLD_NAME = "org.bytedeco.javacpp.maxphysicalbytes";

  private ResidentMemory() {}

  /** Lifts the limit unless the process was given one; without effect once JavaCPP is in use. */
  public static void lift() {
    if (System.getProperty(OLD_NAME) == null && System.getProperty(LIMIT) == null) {
      System.setProperty(LIMIT, "0");
    }
  }
}
