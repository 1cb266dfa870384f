package io.lepton.jobs;

import io.lepton.spark.ml.LeptonModel;
import io.lepton.spark.predict.BatchPrediction;
import io.lepton.spark.predict.PredictionReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Scores files into files. */
record Predict(BatchPrediction prediction) implements NamedModel.Work {
  @Override
  public Map<String, Object> run(String path, SparkSession spark) throws IOException {
    LeptonModel model = Models.open(spark, path);
    long start = System.nanoTime();
    PredictionReport report = prediction.run(model, spark);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Object> fields = new LinkedHashMap<>(Models.fields(path, model));
    fields.putAll(fields(report, prediction.output(), prediction.quarantine()));
    fields.put("rows_per_second", Math.round(report.rows() / seconds));
    return fields;
  }

  /** What became of rows, also in words on standard error. */
  static Map<String, Object> fields(PredictionReport report, String output, String quarantine) {
    System.err.printf(
        "%,d rows: %,d scored in %s, %,d that cannot be scored%s%n",
        report.rows(),
        report.scored(),
        output,
        report.quarantined(),
        report.quarantined() == 0 ? "" : " in " + quarantine);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rows", report.rows());
    fields.put("scored", report.scored());
    fields.put("quarantined", report.quarantined());
    fields.put("output", output);
    fields.put("quarantine", report.quarantined() == 0 ? null : quarantine);
    return fields;
  }
}
