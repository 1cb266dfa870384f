package io.lepton.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * How this process reaches Hadoop's file systems, before there is a session too. Hadoop keeps a
 * file system as it was first asked for, so whoever asks first must do it by these settings.
 */
public final class HadoopSettings {
  private HadoopSettings() {}

  /**
   * Those of the session, else those that executors were given, else what {@code spark.hadoop.*}
   * says to the session that is yet to be made.
   */
  public static Configuration current() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined() && !session.get().sparkContext().isStopped()) {
      return session.get().sparkContext().hadoopConfiguration();
    }
    SparkEnv process = SparkEnv.get();
    return SparkHadoopUtil.get()
        .newConfiguration(process == null ? new SparkConf() : process.conf());
  }
}
