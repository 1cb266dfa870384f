package io.lepton.spark.predict;

import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import io.lepton.tf.bundle.BundleException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that an alias names. It is opened again when the alias has moved, and stays in use if
 * what the alias names cannot be. One thread.
 */
final class CurrentModel {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentModel.class);
  private static final String MANIFEST = "MANIFEST.json";

  private final SparkSession spark;
  private final ModelAlias alias;
  private LeptonModel model;
  private Named tried;
  private String refused = "";
  private int swaps;
  private double opening;

  /** What an alias names, as far as it can be told without reading it. */
  private record Named(String path, long modified, long bytes) {}

  /**
   * Opens the model of an alias.
   *
   * @throws SchemaException if there is none
   * @throws io.lepton.tf.bundle.BundleException if it cannot be trusted
   */
  CurrentModel(SparkSession spark, ModelAlias alias) throws IOException {
    this.spark = spark;
    this.alias = alias;
    this.tried = named();
    this.model = LeptonModel.open(spark, tried.path());
  }

  LeptonModel model() {
    return model;
  }

  /** How often another model was taken. */
  int swaps() {
    return swaps;
  }

  /** Seconds that opening another model took when the alias was last followed; 0 if none was. */
  double opening() {
    return opening;
  }

  /** The model to use from now on: that which the alias names, if it fits rows of that schema. */
  LeptonModel follow(StructType rows) {
    opening = 0;
    long start = System.nanoTime();
    try {
      Named now = named();
      if (!now.equals(tried)) {
        take(now, rows);
        opening = (System.nanoTime() - start) / 1e9;
      }
    } catch (IOException | SchemaException e) {
      stay(e);
    }
    return model;
  }

  /** What is wrong with a bundle is looked at once, what is wrong with its disk again. */
  private void take(Named now, StructType rows) throws IOException {
    try {
      LeptonModel next = LeptonModel.open(spark, now.path());
      next.transformSchema(rows);
      swaps += next.bundle().sha256().equals(model.bundle().sha256()) ? 0 : 1;
      model = next;
      refused = "";
    } catch (BundleException | SchemaException | IllegalArgumentException e) {
      stay(e);
    }
    tried = now;
  }

  private void stay(Exception e) {
    if (!refused.equals(e.getMessage())) {
      LOG.warn("{} stays in use: {}", model.bundle().name(), e.getMessage());
      refused = String.valueOf(e.getMessage());
    }
  }

  private Named named() throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path bundle = new Path(alias.bundle(hadoop));
    Path manifest = new Path(bundle, MANIFEST);
    if (!bundle.getFileSystem(hadoop).exists(manifest)) {
      return new Named(bundle.toString(), 0, 0);
    }
    FileStatus status = bundle.getFileSystem(hadoop).getFileStatus(manifest);
    return new Named(bundle.toString(), status.getModificationTime(), status.getLen());
  }
}
