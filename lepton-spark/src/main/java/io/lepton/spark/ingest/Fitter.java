package io.lepton.spark.ingest;

import io.lepton.spark.Jobs;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Lets a training set decide what a binding leaves to it: statistics and vocabularies, gathered in
 * one pass over the columns that need it, or in none if nothing does. Partitions are merged in
 * their order, so that the outcome depends on them and their rows only.
 */
public final class Fitter {
  private final String source;
  private final DataBinding binding;

  private Fitter(String source, DataBinding binding) {
    this.source = source;
    this.binding = binding;
  }

  /**
   * Fits to all rows.
   *
   * @param source what to call the data in errors
   * @throws DataException naming every column that has nothing to decide by, or too much
   */
  public static Fitting whole(String source, Dataset<Row> data, DataBinding binding) {
    return new Fitter(source, binding).fit(data, new Deal(0, 1, 0, 0));
  }

  /**
   * Fits to the rows that {@link Ingest#split} with the same arguments will train on.
   *
   * @throws DataException naming every column that has nothing to decide by, or too much
   */
  public static Fitting split(
      String source,
      Dataset<Row> data,
      DataBinding binding,
      long seed,
      int buckets,
      double validationFraction) {
    return new Fitter(source, binding)
        .fit(data, new Deal(seed, buckets, buckets, validationFraction));
  }

  private Fitting fit(Dataset<Row> data, Deal deal) {
    List<Tally> gathered = tallies().isEmpty() ? List.of() : gather(data, deal);
    List<FittedInput> inputs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int first = 0;
    for (BoundInput input : binding.bound()) {
      int end = first + input.tallies().size();
      inputs.add(
          end == first ? input.planned() : input.fit(gathered.subList(first, end), problems));
      first = end;
    }
    if (!problems.isEmpty()) {
      throw new DataException(source + " cannot be prepared:\n  " + String.join("\n  ", problems));
    }
    return new Fitting(binding.types(), inputs);
  }

  /** Empty ones, for all inputs in their order. */
  private List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    binding.bound().forEach(input -> tallies.addAll(input.tallies()));
    return tallies;
  }

  private List<Tally> gather(Dataset<Row> data, Deal deal) {
    // Which rows are held out depends on the partitions: there the scan must be that of the ingest.
    List<String> columns =
        deal.validation() > 0
            ? binding.sources()
            : tallies().stream().map(Tally::column).distinct().toList();
    SourceScan scan = new SourceScan(data, columns);
    Tallies empty = new Tallies(tallies(), columns);
    Tallies gathered = new Tallies(tallies(), columns);
    if (scan.columnar()) {
      run(
          scan.batches(),
          (context, batches) -> {
            empty.addBatches(context, batches, trains(deal, context));
            return empty;
          },
          gathered);
    } else {
      run(
          scan.rows(),
          (context, rows) -> {
            empty.addRows(context, rows, trains(deal, context));
            return empty;
          },
          gathered);
    }
    if (gathered.rows() == 0) {
      throw new DataException(source + " must have rows, but has none");
    }
    return gathered.all();
  }

  private static LongPredicate trains(Deal deal, TaskContext context) {
    Deal.Hand hand = deal.hand(context.partitionId());
    return row -> hand.bucket(row) < deal.training();
  }

  private static <T> void run(JavaRDD<T> rows, Jobs.Task<T, Tallies> task, Tallies gathered) {
    TreeMap<Integer, Tallies> early = new TreeMap<>();
    int[] next = new int[1];
    Jobs.run(
        rows,
        IntStream.range(0, rows.getNumPartitions()).boxed().toList(),
        task,
        (partition, tallies) -> {
          early.put(partition, tallies);
          while (early.containsKey(next[0])) {
            gathered.merge(early.remove(next[0]++));
          }
        });
  }
}
