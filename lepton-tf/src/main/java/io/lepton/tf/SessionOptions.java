package io.lepton.tf;

import java.io.Serializable;
import org.tensorflow.proto.ConfigProto;

/**
 * How a session computes.
 *
 * @param intraOpThreads threads of one operation; 1 gives the same bits on one kind of processor
 *     however many sessions run side by side
 */
public record SessionOptions(int intraOpThreads) implements Serializable {
  /** One thread: one replica a core uses the cores better than one replica on all of them. */
  public static final SessionOptions SINGLE_THREAD = new SessionOptions(1);

  private static final int IN_CALLERS_THREAD = -1;

  public SessionOptions {
    if (intraOpThreads <= 0) {
      throw new IllegalArgumentException(
          "intraOpThreads must be positive, but was: " + intraOpThreads);
    }
  }

  byte[] toConfigProto() {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(intraOpThreads)
        .setInterOpParallelismThreads(IN_CALLERS_THREAD)
        .setAllowSoftPlacement(true)
        .build()
        .toByteArray();
  }
}
