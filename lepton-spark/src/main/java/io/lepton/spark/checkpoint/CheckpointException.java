package io.lepton.spark.checkpoint;

/** A checkpoint that is whole, but that this training cannot go on from; says what to do. */
public final class CheckpointException extends RuntimeException {
  public CheckpointException(String message) {
    super(message);
  }
}
