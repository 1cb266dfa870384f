package io.lepton.spark;

/** What the time of a run goes to. */
public enum Phase {
  START,
  INGEST,
  BROADCAST,
  COMPUTE,
  REDUCE,
  EVALUATE,
  CHECKPOINT
}
