package io.lepton.spark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import scala.Tuple2;

/**
 * A tally over all rows, by group, and over the replicates of the bootstrap, as many at a time as
 * fit in the memory of a task.
 */
record Tallying(Tally tally, int groups, Bootstrap bootstrap) implements Serializable {
  private static final long MOST_BYTES = 64L << 20;

  /** Sums of each group. */
  List<Totals> totals(Dataset<Row> examples) {
    Totals[] totals = new Totals[groups];
    Arrays.setAll(totals, group -> new Totals(new double[width()]));
    merged(examples, -1, 0)
        .collect()
        .forEach(it -> totals[it._1()] = new Totals(ExactSums.of(it._2()).values()));
    return List.of(totals);
  }

  /** Values of the metrics of each group in each replicate, by name. */
  List<Map<String, double[]>> replicates(Dataset<Row> examples) {
    List<String> names = names();
    List<Map<String, double[]>> values = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Map<String, double[]> ofGroup = new LinkedHashMap<>();
      names.forEach(name -> ofGroup.put(name, new double[bootstrap.replicates()]));
      values.add(ofGroup);
    }
    int atOnce = (int) Math.max(1, MOST_BYTES / (16L * groups * width()));
    for (int from = 0; from < bootstrap.replicates(); from += atOnce) {
      int first = from;
      int to = Math.min(from + atOnce, bootstrap.replicates());
      merged(examples, from, to)
          .mapValues(state -> metrics(new Totals(ExactSums.of(state).values())))
          .collect()
          .forEach(
              it -> {
                Map<String, double[]> ofGroup = values.get(it._1() % groups);
                int replicate = first + it._1() / groups;
                for (int i = 0; i < names.size(); i++) {
                  ofGroup.get(names.get(i))[replicate] = it._2()[i];
                }
              });
    }
    return values;
  }

  private List<String> names() {
    return List.copyOf(tally.metrics(new Totals(new double[width()])).keySet());
  }

  private double[] metrics(Totals totals) {
    return tally.metrics(totals).values().stream().mapToDouble(it -> it).toArray();
  }

  private int width() {
    return Totals.BEFORE + tally.size();
  }

  private JavaPairRDD<Integer, double[]> merged(Dataset<Row> examples, int from, int to) {
    JavaRDD<InternalRow> rows = examples.queryExecution().toRdd().toJavaRDD();
    return rows.mapPartitionsToPair(it -> partition(it, from, to))
        .reduceByKey(
            (one, other) -> {
              ExactSums sum = ExactSums.of(one);
              sum.add(ExactSums.of(other));
              return sum.state();
            });
  }

  /** Sums by group within replicate; of the rows as they are if {@code from} is negative. */
  private Iterator<Tuple2<Integer, double[]>> partition(
      Iterator<InternalRow> rows, int from, int to) {
    ExactSums sums = new ExactSums(cells(from, to) * width());
    Terms terms = new Terms();
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double weight = row.getDouble(Examples.WEIGHT);
      terms.clear();
      terms.put(0, 1);
      terms.put(1, weight);
      tally.count(row, weight, terms);
      ArrayData in = row.getArray(Examples.GROUPS);
      if (from < 0) {
        add(terms, sums, in, 0, 1);
      }
      for (int replicate = Math.max(0, from); replicate < to; replicate++) {
        int count = bootstrap.count(row.getLong(Examples.ROW), replicate);
        if (count > 0) {
          add(terms, sums, in, replicate - from, count);
        }
      }
    }
    return states(sums, cells(from, to));
  }

  private int cells(int from, int to) {
    return groups * (from < 0 ? 1 : to - from);
  }

  private void add(Terms terms, ExactSums sums, ArrayData in, int replicate, int count) {
    for (int i = 0; i < in.numElements(); i++) {
      terms.addTo(sums, (replicate * groups + in.getInt(i)) * width(), count);
    }
  }

  private Iterator<Tuple2<Integer, double[]>> states(ExactSums sums, int cells) {
    List<Tuple2<Integer, double[]>> states = new ArrayList<>();
    for (int cell = 0; cell < cells; cell++) {
      states.add(new Tuple2<>(cell, sums.part(cell * width(), width()).state()));
    }
    return states.iterator();
  }
}
