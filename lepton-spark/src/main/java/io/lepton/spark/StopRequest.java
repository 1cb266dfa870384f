package io.lepton.spark;

/**
 * Asks work to end after the part it is in, such as a round of a training. Any thread may ask; only
 * while something hears is there anything to end.
 */
public final class StopRequest {
  private boolean heard;
  private boolean asked;

  /**
   * Asks.
   *
   * @return whether it is heard: false if there is nothing to end now, or if it was asked before
   */
  public synchronized boolean ask() {
    boolean first = heard && !asked;
    asked |= heard;
    return first;
  }

  /** Whether it was asked to end. */
  public synchronized boolean isAsked() {
    return asked;
  }

  /** Begins or ends work that can end early. */
  public synchronized void hear(boolean whether) {
    heard = whether;
  }
}
