package io.lepton.jobs;

import io.lepton.spark.ml.LeptonModel;
import io.lepton.spark.predict.ModelAlias;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Trained models that commands are told of. */
final class Models {
  private Models() {}

  /**
   * Opens a bundle, or what an alias names.
   *
   * @throws io.lepton.spark.ingest.SchemaException if there is none
   * @throws io.lepton.tf.bundle.BundleException if it cannot be trusted
   */
  static LeptonModel open(SparkSession spark, String path) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return LeptonModel.open(spark, new ModelAlias(path).bundle(hadoop));
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
