package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;

import io.lepton.spark.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Evaluates rankings of all items by user. Items above 0 are relevant; a gain is the relevance
 * itself, discounted by the logarithm of the rank.
 *
 * @param cutoffs how many items are looked at, each for a hit rate and an NDCG
 * @param options of every kind of evaluation
 */
public record RankingEvaluation(List<Integer> cutoffs, EvaluationOptions options) {
  public RankingEvaluation {
    cutoffs = List.copyOf(cutoffs);
    if (cutoffs.stream().anyMatch(k -> k < 1)) {
      throw new IllegalArgumentException("cutoffs must be positive, but were: " + cutoffs);
    }
  }

  /**
   * Measures rows of one user each. Users without a relevant item are left out.
   *
   * @param scoreColumn an array of the scores of all items
   * @param relevanceColumn an array of their relevances, in the same order, from 0
   * @throws io.lepton.spark.ingest.SchemaException if a column is not there
   * @throws io.lepton.spark.ingest.DataException if rows break rules, with all of them
   */
  public EvaluationReport evaluate(
      Dataset<Row> scored, String scoreColumn, String relevanceColumn) {
    Examples.require(scored, options, scoreColumn, relevanceColumn);
    Column scores = Scores.numbers(scoreColumn, Examples.type(scored, scoreColumn));
    Column relevances = Scores.numbers(relevanceColumn, Examples.type(scored, relevanceColumn));
    Dataset<Row> relevant = scored.filter(exists(relevances, it -> it.gt(0)));
    Slices slices = Slices.of(relevant, options.slices());
    Dataset<Row> examples =
        Examples.of(
                relevant,
                options,
                slices,
                List.of(scores.as("scores"), relevances.as("relevances")),
                List.of(
                    Examples.Check.ofEach(
                        scoreColumn + " must be finite numbers", scores, Examples::notFinite),
                    Examples.Check.ofEach(
                        relevanceColumn + " must be finite numbers from 0 on",
                        relevances,
                        it -> Examples.notFinite(it).or(it.lt(0))),
                    new Examples.Check(
                        "%s and %s must be of as many items"
                            .formatted(scoreColumn, relevanceColumn),
                        size(scores).notEqual(size(relevances)),
                        Examples.sizes(scores, relevances))))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return Measured.of(new RankingTally(cutoffs), slices, options.bootstrap(), examples)
          .report(null);
    } finally {
      examples.unpersist();
    }
  }

  /**
   * Measures rows of one user and one item each; weight, slices and identity are those of the
   * user's first row, so let them be of the user.
   */
  public EvaluationReport evaluate(
      Dataset<Row> scored, String userColumn, String scoreColumn, String relevanceColumn) {
    Examples.require(scored, options, userColumn, scoreColumn, relevanceColumn);
    List<Column> collected = new ArrayList<>();
    collected.add(
        collect_list(
                struct(
                    Examples.number(scoreColumn).as("score"),
                    Examples.number(relevanceColumn).as("relevance")))
            .as("items"));
    options.columns().stream()
        .distinct()
        .filter(column -> !column.equals(userColumn))
        .forEach(column -> collected.add(first(Columns.named(column)).as(column)));
    Dataset<Row> users =
        scored
            .groupBy(Columns.named(userColumn))
            .agg(collected.get(0), collected.stream().skip(1).toArray(Column[]::new))
            .withColumn("scores of items", col("items.score"))
            .withColumn("relevances of items", col("items.relevance"))
            .drop("items");
    EvaluationOptions ofUsers =
        options.row().isPresent() ? options : options.identifiedBy(userColumn);
    return new RankingEvaluation(cutoffs, ofUsers)
        .evaluate(users, "scores of items", "relevances of items");
  }
}
