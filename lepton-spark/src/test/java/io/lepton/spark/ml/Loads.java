package io.lepton.spark.ml;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** How often processes loaded a model. */
final class Loads {
  private Loads() {}

  static Map<String, Long> byExecutor(SparkSession spark) {
    List<String> loads =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(IntStream.range(0, 32).boxed().toList(), 32)
            .map(any -> SparkEnv.get().executorId() + " " + LoadedModels.shared().loads())
            .collect();
    Map<String, Long> byExecutor = new HashMap<>();
    for (String each : loads) {
      int space = each.indexOf(' ');
      byExecutor.put(each.substring(0, space), Long.valueOf(each.substring(space + 1)));
    }
    return byExecutor;
  }
}
