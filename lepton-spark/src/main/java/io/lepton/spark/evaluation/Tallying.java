package io.lepton.spark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import scala.Tuple2;

/**
 * A tally over all rows, by group, and over the replicates of the bootstrap: as many groups and
 * replicates at a time as fit in the memory of a task, so more than these take more passes.
 *
 * @param mostBytes of the sums of a task, about; one group of one replicate is held in any case
 */
record Tallying(Tally tally, int groups, Bootstrap bootstrap, long mostBytes)
    implements Serializable {
  private static final long MOST_BYTES = 64L << 20;

  static Tallying of(Tally tally, int groups, Bootstrap bootstrap) {
    return new Tallying(tally, groups, bootstrap, MOST_BYTES);
  }

  /**
   * Some of what is summed: each group of one replicate is a cell, and those of the next follow.
   */
  private record Cells(int from, int count) implements Serializable {
    int end() {
      return from + count;
    }
  }

  /** Sums of each group, one after the other in their order, which need not all be kept. */
  void totals(Dataset<Row> examples, Consumer<Totals> each) {
    portions(groups)
        .forEach(
            cells ->
                merged(examples, cells, false).collect().stream()
                    .sorted(Comparator.comparing(Tuple2::_1))
                    .forEach(it -> each.accept(new Totals(ExactSums.of(it._2()).values()))));
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
    portions(Math.multiplyExact(groups, bootstrap.replicates()))
        .forEach(
            cells ->
                merged(examples, cells, true)
                    .mapValues(state -> metrics(new Totals(ExactSums.of(state).values())))
                    .collect()
                    .forEach(
                        it -> {
                          Map<String, double[]> ofGroup = values.get(it._1() % groups);
                          for (int i = 0; i < names.size(); i++) {
                            ofGroup.get(names.get(i))[it._1() / groups] = it._2()[i];
                          }
                        }));
    return values;
  }

  /** All cells, as many at a time as the bytes are enough for. */
  private List<Cells> portions(int count) {
    int atOnce = (int) Math.max(1, mostBytes / (16L * width()));
    List<Cells> portions = new ArrayList<>();
    for (int from = 0; from < count; from += atOnce) {
      portions.add(new Cells(from, Math.min(count - from, atOnce)));
    }
    return portions;
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

  private JavaPairRDD<Integer, double[]> merged(Dataset<Row> examples, Cells cells, boolean drawn) {
    JavaRDD<InternalRow> rows = examples.queryExecution().toRdd().toJavaRDD();
    return rows.mapPartitionsToPair(it -> partition(it, cells, drawn))
        .reduceByKey(
            (one, other) -> {
              ExactSums sum = ExactSums.of(one);
              sum.add(ExactSums.of(other));
              return sum.state();
            });
  }

  /** Sums by cell; of the rows as they are, or as the bootstrap draws them. */
  private Iterator<Tuple2<Integer, double[]>> partition(
      Iterator<InternalRow> rows, Cells cells, boolean drawn) {
    ExactSums sums = new ExactSums(cells.count() * width());
    Terms terms = new Terms();
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double weight = row.getDouble(Examples.WEIGHT);
      terms.clear();
      terms.put(0, 1);
      terms.put(1, weight);
      tally.count(row, weight, terms);
      ArrayData in = row.getArray(Examples.GROUPS);
      for (int replicate = cells.from() / groups; replicate * groups < cells.end(); replicate++) {
        int count = drawn ? bootstrap.count(row.getLong(Examples.ROW), replicate) : 1;
        if (count > 0) {
          add(terms, sums, in, replicate, count, cells);
        }
      }
    }
    return states(sums, cells);
  }

  private void add(
      Terms terms, ExactSums sums, ArrayData in, int replicate, int count, Cells cells) {
    for (int i = 0; i < in.numElements(); i++) {
      int cell = replicate * groups + in.getInt(i);
      if (cell >= cells.from() && cell < cells.end()) {
        terms.addTo(sums, (cell - cells.from()) * width(), count);
      }
    }
  }

  private Iterator<Tuple2<Integer, double[]>> states(ExactSums sums, Cells cells) {
    List<Tuple2<Integer, double[]>> states = new ArrayList<>();
    for (int i = 0; i < cells.count(); i++) {
      states.add(new Tuple2<>(cells.from() + i, sums.part(i * width(), width()).state()));
    }
    return states.iterator();
  }
}
