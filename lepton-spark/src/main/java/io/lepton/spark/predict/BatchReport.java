package io.lepton.spark.predict;

/**
 * A batch of a stream that was published.
 *
 * @param batch its number, from 0
 * @param rows what became of them
 * @param version of the model
 * @param seconds it took
 */
public record BatchReport(long batch, PredictionReport rows, String version, double seconds) {}
