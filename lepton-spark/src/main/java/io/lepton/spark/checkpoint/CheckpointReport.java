package io.lepton.spark.checkpoint;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of the checkpoints of a run.
 *
 * @param newest round of the last that was written
 * @param written checkpoints
 * @param bytes of them
 * @param superseded that were still waiting when a newer one came
 * @param failed that could not be written
 * @param failedInRow of these, since one was written last
 * @param failure of the last that failed
 * @param copiedBytes that the training had to copy to hand them over
 * @param pauseSeconds that the training stood still to hand them over
 */
public record CheckpointReport(
    OptionalInt newest,
    int written,
    long bytes,
    int superseded,
    int failed,
    int failedInRow,
    Optional<String> failure,
    long copiedBytes,
    double pauseSeconds) {}
