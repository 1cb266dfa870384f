package io.lepton.spark.ml;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;

/**
 * Every wait of tasks for models, as far as they have ended; tasks that Spark repeated may be there
 * twice. Any thread of the driver may look.
 */
public final class ModelWaits implements Serializable {
  private static final long serialVersionUID = 1;

  private final CollectionAccumulator<ModelWait> waits;

  private ModelWaits(CollectionAccumulator<ModelWait> waits) {
    this.waits = waits;
  }

  /** None so far. */
  public static ModelWaits in(SparkContext spark) {
    return new ModelWaits(spark.collectionAccumulator());
  }

  /** Those of tasks that have ended. */
  public List<ModelWait> all() {
    return List.copyOf(waits.value());
  }

  void add(ModelWait wait) {
    waits.add(wait);
  }
}
