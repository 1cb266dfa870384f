package io.lepton.tf;

/** Whether chunks are locked into RAM while they are mapped, where CUDA is there to do it. */
public enum PageLocking {
  FALSE,
  TRUE,
  /** If the session computes on a GPU it was given. */
  AUTO
}
