package io.lepton.jobs;

import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Trained models that commands are told of. */
final class Models {
  private Models() {}

  /**
   * Opens a bundle.
   *
   * @throws SchemaException if there is none
   * @throws io.lepton.tf.bundle.BundleException if it cannot be trusted
   */
  static LeptonModel open(SparkSession spark, String path) throws IOException {
    try {
      return LeptonModel.open(spark, path);
    } catch (FileNotFoundException e) {
      throw new SchemaException(
          List.of(
              "the model must be a bundle that exists, but %s; train it, or correct the path"
                  .formatted(e.getMessage())));
    }
  }

  /** Which one it is. */
  static Map<String, Object> fields(String path, LeptonModel model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model_dir", path);
    fields.put("model_name", model.bundle().name());
    fields.put("model_version", model.bundle().sha256());
    return fields;
  }
}
