package io.lepton.tf.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.lepton.tf.model.WeightValue;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** The weights in a {@code .keras} file, by their paths there. */
final class StoredWeights implements AutoCloseable {
  private final Path file;
  private final HdfFile hdf;

  private StoredWeights(Path file, HdfFile hdf) {
    this.file = file;
    this.hdf = hdf;
  }

  /**
   * Opens an HDF5 file.
   *
   * @param file where it is from, for messages
   * @throws KerasFileException if it is damaged
   */
  static StoredWeights open(Path file, ByteBuffer bytes) {
    try {
      return new StoredWeights(file, HdfFile.fromByteBuffer(bytes));
    } catch (RuntimeException e) {
      throw damaged(file, e);
    }
  }

  /**
   * Reads one.
   *
   * @throws KerasFileException if it is not there, not float32, or damaged
   */
  WeightValue read(String path) {
    Dataset dataset;
    Object values;
    try {
      dataset = (Dataset) hdf.getByPath(path);
      values = dataset.getDataFlat();
    } catch (RuntimeException e) {
      throw new KerasFileException(
          file,
          "model.weights.h5 must have the values at %s, but they cannot be read (%s); save the model anew"
              .formatted(path, e.getMessage()),
          e);
    }
    if (values instanceof float[] floats) {
      return new WeightValue(
          Arrays.stream(dataset.getDimensions()).boxed().toList(), FloatBuffer.wrap(floats));
    }
    throw new KerasFileException(
        file,
        "weights must be float32, but %s is of %s; save the model with the dtype policy float32 or a mixed one"
            .formatted(path, dataset.getJavaType().getSimpleName()),
        null);
  }

  @Override
  public void close() {
    hdf.close();
  }

  private static KerasFileException damaged(Path file, RuntimeException cause) {
    return new KerasFileException(
        file,
        "model.weights.h5 must be HDF5, but cannot be read (%s); save the model anew"
            .formatted(cause.getMessage()),
        cause);
  }
}
