package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.size;

import io.lepton.spark.Columns;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Evaluates segmentations: all pixels of all images count together, and the bootstrap draws images.
 *
 * @param classes their number, from 2 to 1000
 * @param options of every kind of evaluation
 */
public record MaskEvaluation(int classes, EvaluationOptions options) {
  public MaskEvaluation {
    Confusion.requireClasses(classes);
  }

  /**
   * Measures rows of one image each.
   *
   * @param givenColumn an array of the class each pixel was given
   * @param labelColumn an array of the class each pixel has, in the same order
   * @throws io.lepton.spark.ingest.SchemaException if a column is not there
   * @throws io.lepton.spark.ingest.DataException if rows break rules, with all of them
   */
  public EvaluationReport evaluate(Dataset<Row> scored, String givenColumn, String labelColumn) {
    Examples.require(scored, options, givenColumn, labelColumn);
    Slices slices = Slices.of(scored, options.slices());
    Column labels = pixels(labelColumn, DataTypes.DoubleType);
    Column given = pixels(givenColumn, DataTypes.DoubleType);
    Dataset<Row> examples =
        Examples.of(
                scored,
                options,
                slices,
                List.of(
                    pixels(labelColumn, DataTypes.IntegerType).as("labels"),
                    pixels(givenColumn, DataTypes.IntegerType).as("given")),
                List.of(
                    wrong(labelColumn, labels),
                    wrong(givenColumn, given),
                    new Examples.Check(
                        "%s and %s must be of as many pixels".formatted(givenColumn, labelColumn),
                        size(labels).notEqual(size(given)),
                        Examples.sizes(given, labels))))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      MaskTally tally = new MaskTally(classes);
      Measured measured = Measured.of(tally, slices, options.bootstrap(), examples);
      Confusion confusion = tally.confusion(measured.totals().get(0));
      return measured.report(
          new ClassDetails(
              ClassDetails.classes(confusion),
              confusion.rows(),
              new Reliability(List.of()),
              List.of(),
              List.of()));
    } finally {
      examples.unpersist();
    }
  }

  private static Column pixels(String name, DataType type) {
    return Columns.named(name).cast(DataTypes.createArrayType(type));
  }

  private Examples.Check wrong(String name, Column pixels) {
    return Examples.Check.ofEach(
        "%s must be classes from 0 to %d".formatted(name, classes - 1),
        pixels,
        it ->
            it.isNull()
                .or(it.lt(0))
                .or(it.geq(classes))
                .or(it.notEqual(it.cast(DataTypes.LongType))));
  }
}
