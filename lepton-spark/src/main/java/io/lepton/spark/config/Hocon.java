package io.lepton.spark.config;

/**
 * A value that is written as in a configuration file, such as a list of layers.
 *
 * @param text HOCON
 */
public record Hocon(String text) {}
