package io.lepton.jobs;

import io.lepton.spark.RateCurve;
import io.lepton.spark.RateFinder;
import io.lepton.spark.config.JobConfiguration;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Tries learning rates on one replica and draws the losses. */
record FindRate(RateFinder finder) implements JobRun.Work {
  @Override
  public Map<String, Object> run(
      JobConfiguration configuration, SparkSession spark, Path runDirectory) {
    RateCurve curve =
        finder.find(configuration.trainingJob(), DataPaths.training(configuration, spark));
    RateChart.lines(curve).forEach(System.err::println);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("suggested_rate", curve.suggestion());
    fields.put("curve", curve.points().stream().map(FindRate::fields).toList());
    return fields;
  }

  private static Map<String, Double> fields(RateCurve.Point point) {
    Map<String, Double> fields = new LinkedHashMap<>();
    fields.put("rate", point.rate());
    fields.put("loss", point.loss());
    return fields;
  }
}
