package io.lepton.spark;

import io.lepton.arrow.ResidentMemory;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What Lepton needs of Spark. */
public final class LeptonSpark {
  /** Settings a session must be made with. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrator", LeptonKryoRegistrator.class.getName(),
          "spark.driver.maxResultSize", "0",
          "spark.task.reaper.enabled", "true",
          "spark.task.reaper.killTimeout", "60s",
          "spark.sql.columnVector.offheap.enabled", "true");

  static {
    ResidentMemory.lift();
  }

  private LeptonSpark() {}

  /** A builder with those settings. */
  public static SparkSession.Builder builder() {
    SparkSession.Builder builder = SparkSession.builder();
    SETTINGS.forEach(builder::config);
    return builder;
  }

  /**
   * Reads files in partitions that depend on the files only, not on the size of the cluster, so
   * that the order of rows does not either.
   *
   * @param format as Spark names it
   * @param partitions how many to aim at
   */
  public static Dataset<Row> read(SparkSession spark, String format, String path, int partitions) {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.files.minPartitionNum", (long) partitions);
    return session
        .read()
        .format(format)
        .option("header", "true")
        .option("inferSchema", "true")
        .load(path);
  }
}
