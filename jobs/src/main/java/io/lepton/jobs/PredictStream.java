package io.lepton.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.predict.BatchReport;
import io.lepton.spark.predict.Percentiles;
import io.lepton.spark.predict.StreamPrediction;
import io.lepton.spark.predict.StreamReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;

/** Scores a stream until it is idle or asked to end. */
record PredictStream(StreamPrediction prediction) implements NamedModel.Work {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Map<String, Object> run(String path, SparkSession spark) throws IOException {
    StreamReport report =
        unchecked(() -> prediction.run(spark, Termination.request(), PredictStream::tell));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model_dir", path);
    fields.putAll(Predict.fields(report.all(), prediction.output(), prediction.quarantine()));
    fields.put("batches", report.batches());
    fields.put("rows_by_version", report.rowsByVersion());
    fields.put("swaps", report.models().swaps());
    fields.put("model_loads", report.models().loads());
    fields.put("longest_model_wait_seconds", report.models().longestWait());
    fields.put("latency_seconds", fields(report.sinceArrival()));
    fields.put(
        "event_latency_seconds", report.sinceEvent().map(PredictStream::fields).orElse(null));
    fields.put("batch_latency_seconds", fields(report.sinceBegin()));
    if (report.stopped()) {
      throw new JobRun.InterruptedWork("stopped after a batch; the same command goes on", fields);
    }
    return fields;
  }

  private static Map<String, Double> fields(Percentiles percentiles) {
    Map<String, Double> fields = new LinkedHashMap<>();
    fields.put("p50", percentiles.p50());
    fields.put("p95", percentiles.p95());
    fields.put("p99", percentiles.p99());
    fields.put("max", percentiles.max());
    return fields;
  }

  /** A line of JSON on standard error. */
  private static void tell(BatchReport batch) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("batch", batch.batch());
    line.put("rows", batch.rows().rows());
    line.put("quarantined", batch.rows().quarantined());
    line.put("model_version", batch.version());
    line.put("seconds", batch.seconds());
    line.put("model_loads", batch.loads());
    line.put("model_wait_seconds", batch.waited());
    try {
      System.err.println(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("batches are plain values", e);
    }
  }

  private static <T> T unchecked(Callable<T> work) throws IOException {
    try {
      return work.call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the stream ended", e);
    }
  }
}
