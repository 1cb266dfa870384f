package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import java.io.Serializable;

/**
 * How a process makes a vector out of the one it was sent before, instead of fetching it. Either
 * way gives the same bits.
 */
public interface Change extends Serializable {
  /** The base of a vector that nothing leads to. */
  long NO_BASE = -1;

  /** The scope of the vector before, or {@link #NO_BASE}. */
  long base();

  /** Bytes that are fetched for it. */
  long bytes();

  /**
   * Makes the vector.
   *
   * @param base is not written to
   * @param result as long as the base, of any contents
   * @return bytes that the driver sent for it
   * @throws FetchException if the change cannot be had
   */
  long apply(FlatVector base, FlatVector result);
}
