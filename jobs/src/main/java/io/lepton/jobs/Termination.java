package io.lepton.jobs;

import io.lepton.spark.StopRequest;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.util.SignalUtils;

/**
 * The first SIGTERM asks the work of this process to end after its round or batch. It ends the
 * process as ever if there are none, and so does the second.
 */
final class Termination {
  private static final AtomicReference<StopRequest> NEWEST = new AtomicReference<>();

  static {
    SignalUtils.register("TERM", Termination::ask);
  }

  private Termination() {}

  /** A request that the signal makes from now on. */
  static StopRequest request() {
    StopRequest request = new StopRequest();
    NEWEST.set(request);
    return request;
  }

  private static Object ask() {
    boolean heard = NEWEST.get() != null && NEWEST.get().ask();
    if (heard) {
      System.err.println(
          "asked to end: this round or batch is finished first; ask again to end at once");
    }
    return heard;
  }
}
