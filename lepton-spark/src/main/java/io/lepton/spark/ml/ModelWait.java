package io.lepton.spark.ml;

import java.io.Serializable;

/**
 * That a task had to wait before it could score, as its process did not have the model yet.
 *
 * @param executor whose process it is
 * @param version of the model
 * @param loaded whether this task loaded the model; else it waited for one that did
 * @param seconds that it waited
 */
public record ModelWait(String executor, String version, boolean loaded, double seconds)
    implements Serializable {}
