package io.lepton.spark;

/**
 * Asks a training to end after the round it is in. Any thread may ask; only while rounds are
 * trained is there anything to end.
 */
public final class StopRequest {
  private boolean heard;
  private boolean asked;

  /**
   * Asks.
   *
   * @return whether it is heard: false if no rounds are trained now, or if it was asked before
   */
  public synchronized boolean ask() {
    boolean first = heard && !asked;
    asked |= heard;
    return first;
  }

  synchronized boolean isAsked() {
    return asked;
  }

  synchronized void hear(boolean whether) {
    heard = whether;
  }
}
