package io.lepton.spark.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkContext;
import org.apache.spark.storage.BlockManagerId;
import scala.jdk.javaapi.CollectionConverters;

/** Executors by the names that Spark gives places. */
final class Executors {
  private Executors() {}

  /** All that have registered, those first that hold something already. */
  static List<String> of(SparkContext spark, Set<String> holding) {
    List<String> all = new ArrayList<>(new TreeSet<>(holding));
    Set<String> others = new TreeSet<>();
    for (BlockManagerId id :
        CollectionConverters.asJava(spark.env().blockManager().master().getMemoryStatus())
            .keySet()) {
      if (!id.isDriver() || spark.isLocal()) {
        others.add(place(id));
      }
    }
    others.removeAll(holding);
    all.addAll(others);
    return all;
  }

  /** What Spark calls the place of a process. */
  static String place(BlockManagerId id) {
    return "executor_%s_%s".formatted(id.host(), id.executorId());
  }
}
