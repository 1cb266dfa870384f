package io.lepton.spark.predict;

/**
 * Seconds within which rows were done.
 *
 * @param p50 half of them
 * @param p95 95 in 100
 * @param p99 99 in 100
 * @param max all
 */
public record Percentiles(double p50, double p95, double p99, double max) {}
