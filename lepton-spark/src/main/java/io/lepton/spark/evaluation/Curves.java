package io.lepton.spark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Curves over all scores that occur, ties and all: Spark sorts, and the sorted rows are gone
 * through twice, once for what comes before each partition, once for the curves. No memory grows
 * with rows.
 *
 * @param bootstrap of the areas
 * @param goals of thresholds
 */
record Curves(Bootstrap bootstrap, List<ThresholdGoal> goals) implements Serializable {
  static final String GROUP = "group";
  static final String SCORE = "score";
  static final String POSITIVE = "positive";

  /**
   * Draws them.
   *
   * @param scores columns named as the constants here, and weight and row
   * @return curves by group, of groups that have rows
   */
  Map<Integer, Curve> of(Dataset<Row> scores, int partitions) {
    Column[] order = {functions.col(GROUP), functions.col(SCORE).desc()};
    Dataset<Row> sorted =
        scores
            .select(GROUP, SCORE, POSITIVE, "weight", "row")
            .repartitionByRange(partitions, order)
            .sortWithinPartitions(order)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return of(sorted);
    } finally {
      sorted.unpersist();
    }
  }

  private Map<Integer, Curve> of(Dataset<Row> sorted) {
    JavaRDD<InternalRow> rows = sorted.queryExecution().toRdd().toJavaRDD();
    List<CurveSums.State> sums =
        rows.mapPartitionsWithIndex((partition, it) -> sums(it, partition).iterator(), true)
            .collect();
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(sorted.sparkSession().sparkContext());
    Broadcast<Known> known = spark.broadcast(known(sums));
    try {
      Map<Integer, List<CurvePart>> byGroup = new LinkedHashMap<>();
      rows.mapPartitionsWithIndex(
              (partition, it) -> parts(it, known.value(), partition).iterator(), true)
          .collect()
          .forEach(it -> byGroup.computeIfAbsent(it.group(), g -> new ArrayList<>()).add(it));
      Map<Integer, Curve> curves = new HashMap<>();
      byGroup.forEach((group, ofGroup) -> curves.put(group, CurvePart.merge(ofGroup)));
      return curves;
    } finally {
      known.destroy();
    }
  }

  /**
   * What the second pass must know.
   *
   * @param before by partition, sums of its first group in the partitions before it
   */
  record Known(HashMap<Integer, CurveSums.State> before, HashMap<Integer, CurveTotals> totals)
      implements Serializable {}

  /** Of sums in the order of their partitions, and of the groups within. */
  private Known known(List<CurveSums.State> inOrder) {
    HashMap<Integer, CurveSums.State> before = new HashMap<>();
    Map<Integer, CurveSums> running = new HashMap<>();
    for (CurveSums.State state : inOrder) {
      CurveSums sums = running.computeIfAbsent(state.group(), group -> new CurveSums(bootstrap));
      before.putIfAbsent(state.partition(), sums.state(state.partition(), state.group()));
      sums.add(CurveSums.of(bootstrap, state));
    }
    HashMap<Integer, CurveTotals> totals = new HashMap<>();
    running.forEach(
        (group, sums) -> totals.put(group, new CurveTotals(group, sums.right(), sums.wrong())));
    return new Known(before, totals);
  }

  private List<CurveSums.State> sums(Iterator<InternalRow> rows, int partition) {
    List<CurveSums.State> states = new ArrayList<>();
    CurveSums sums = null;
    int group = 0;
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (sums != null && row.getInt(0) != group) {
        states.add(sums.state(partition, group));
        sums = null;
      }
      if (sums == null) {
        sums = new CurveSums(bootstrap);
        group = row.getInt(0);
      }
      sums.add(row.getBoolean(2), row.getDouble(3), row.getLong(4));
    }
    if (sums != null) {
      states.add(sums.state(partition, group));
    }
    return states;
  }

  private List<CurvePart> parts(Iterator<InternalRow> rows, Known known, int partition) {
    List<CurvePart> parts = new ArrayList<>();
    CurvePart part = null;
    double score = 0;
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      boolean other = part == null || row.getInt(0) != part.group();
      if (part != null && (other || row.getDouble(1) != score)) {
        part.passed(score);
      }
      if (other) {
        part = start(row.getInt(0), known, parts.isEmpty() ? known.before().get(partition) : null);
        parts.add(part);
      }
      score = row.getDouble(1);
      part.add(row.getBoolean(2), row.getDouble(3), row.getLong(4));
    }
    if (part != null) {
      part.passed(score);
    }
    parts.forEach(CurvePart::finish);
    return parts;
  }

  private CurvePart start(int group, Known known, CurveSums.State before) {
    CurveSums sums = before == null ? new CurveSums(bootstrap) : CurveSums.of(bootstrap, before);
    return new CurvePart(known.totals().get(group), sums, goals);
  }
}
