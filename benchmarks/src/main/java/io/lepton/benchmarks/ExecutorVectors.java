package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;

/** Vectors that a process makes once and uses in every round. */
final class ExecutorVectors {
  private static FlatVector received;
  private static FlatVector delta;
  private static byte[] bytes;

  private ExecutorVectors() {}

  /** To read parameters into. */
  static synchronized FlatVector received(int size) {
    if (received == null || received.size() != size) {
      received = FlatVector.allocate(size);
    }
    return received;
  }

  /** A delta of small whole numbers. */
  static synchronized FlatVector delta(int size) {
    if (delta == null || delta.size() != size) {
      delta = FlatVector.allocate(size);
      for (int i = 0; i < size; i++) {
        delta.set(i, i % 1024);
      }
    }
    return delta;
  }

  /** The same delta on the heap; nothing is kept of another size. */
  static synchronized byte[] deltaBytes(int size) {
    if (bytes == null || bytes.length != size * Float.BYTES) {
      bytes = new byte[size * Float.BYTES];
      delta(size).bytes().get(bytes);
    }
    return bytes;
  }
}
