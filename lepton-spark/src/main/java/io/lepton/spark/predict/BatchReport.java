package io.lepton.spark.predict;

import io.lepton.spark.ml.ModelWait;
import java.util.List;

/**
 * A batch of a stream that was published.
 *
 * @param batch its number, from 0
 * @param rows what became of them
 * @param version of the model
 * @param seconds it took
 * @param opening seconds of it in which the driver opened and checked the model that was new; 0 if
 *     none was
 * @param waits for the model to be loaded, of each task that did not find it in its process
 */
public record BatchReport(
    long batch,
    PredictionReport rows,
    String version,
    double seconds,
    double opening,
    List<ModelWait> waits) {

  public BatchReport {
    waits = List.copyOf(waits);
  }

  /** How often executors loaded the model. */
  public long loads() {
    return waits.stream().filter(ModelWait::loaded).count();
  }

  /**
   * Seconds by which the model held it up: opened by the driver, loaded by the slowest executor.
   */
  public double waited() {
    return opening + waits.stream().mapToDouble(ModelWait::seconds).max().orElse(0);
  }
}
