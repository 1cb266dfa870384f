package io.lepton.spark.predict;

/**
 * What became of rows.
 *
 * @param rows that were read
 * @param scored rows that were written
 * @param quarantined rows that were written with the reason why they have no scores
 */
public record PredictionReport(long rows, long scored, long quarantined) {
  /** No rows. */
  public static final PredictionReport NOTHING = new PredictionReport(0, 0, 0);

  public PredictionReport {
    if (rows != scored + quarantined) {
      throw new IllegalStateException(
          "rows must all be scored or quarantined, but of %d were %d and %d; nothing was published"
              .formatted(rows, scored, quarantined));
    }
  }

  /** Both together. */
  public PredictionReport plus(PredictionReport other) {
    return new PredictionReport(
        rows + other.rows, scored + other.scored, quarantined + other.quarantined);
  }
}
