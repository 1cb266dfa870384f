package io.lepton.tf;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.ShardWriter;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A line through three features, as a program and as plain Java.
 *
 * <p>Row {@code r} has the features {@code sin(r), sin(2r), sin(3r)} and the label {@code cos(r)}.
 */
final class LinearModel {
  static final int FEATURES = 3;
  static final TrainingProgram SGD = program(new Optimizer.Sgd(0.1, 0));

  private LinearModel() {}

  /** The line and its squared error, with layers before it if there are any. */
  static TrainingProgram program(Optimizer optimizer, Layer... before) {
    return program(1, optimizer, before);
  }

  /** With places for several chunks. */
  static TrainingProgram program(int slots, Optimizer optimizer, Layer... before) {
    Layer.Dense line = new Layer.Dense(1, Activation.LINEAR, true);
    List<Layer> layers = Stream.concat(List.of(before).stream(), List.of(line).stream()).toList();
    return ModelCompiler.compile(
            ModelSpec.chain(
                new ColumnSpec("features", ElementType.FLOAT32, List.of(FEATURES)),
                new ColumnSpec("label", ElementType.FLOAT32, List.of()),
                false,
                layers,
                new Loss.SquaredError(),
                optimizer),
            7,
            slots)
        .program();
  }

  static float feature(int row, int feature) {
    return (float) Math.sin((double) row * (feature + 1));
  }

  static float label(int row) {
    return (float) Math.cos(row);
  }

  /** Writes rows from 0 as a shard. */
  static Path shard(Path path, BufferAllocator allocator, int rows, int rowsPerChunk)
      throws IOException {
    try (ChunkBuffer chunk = new ChunkBuffer(SGD.columns(), rowsPerChunk, allocator);
        ShardWriter writer = new ShardWriter(path, SGD.columns())) {
      for (int row = 0; row < rows; row++) {
        long at = chunk.take(1);
        for (int feature = 0; feature < FEATURES; feature++) {
          MemoryUtil.putInt(
              chunk.address(0) + (at * FEATURES + feature) * Float.BYTES,
              Float.floatToRawIntBits(feature(row, feature)));
        }
        MemoryUtil.putInt(chunk.address(1) + at * Float.BYTES, Float.floatToRawIntBits(label(row)));
        if (chunk.room() == 0) {
          writer.write(chunk);
          chunk.clear();
        }
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }

  /** Rows of the chunk in the first slot. */
  static BatchRows batch(int... rows) {
    BatchRows batch = new BatchRows(rows.length);
    for (int row : rows) {
      batch.add(0, row);
    }
    return batch;
  }

  /** A vector for a program with {@code (1 + i) / 8} as the i-th element of each variable. */
  static FlatVector parameters(TrainingProgram program) {
    FlatVector vector = FlatVector.allocate(program.vectorSize());
    for (Variable variable : program.variables()) {
      for (int i = 0; variable.trainable() && i < variable.size(); i++) {
        vector.set(variable.offset() + i, (1 + i) / 8f);
      }
    }
    return vector;
  }

  /**
   * Gradient descent in doubles.
   *
   * @param line three weights and the intercept, changed in place
   * @return mean squared error before the step
   */
  static double step(double[] line, int[] rows, double rate) {
    double[] gradient = new double[line.length];
    double loss = 0;
    for (int row : rows) {
      double error = line[FEATURES] - label(row);
      for (int i = 0; i < FEATURES; i++) {
        error += line[i] * feature(row, i);
      }
      loss += error * error / rows.length;
      for (int i = 0; i < FEATURES; i++) {
        gradient[i] += 2 * error * feature(row, i) / rows.length;
      }
      gradient[FEATURES] += 2 * error / rows.length;
    }
    for (int i = 0; i < line.length; i++) {
      line[i] -= rate * gradient[i];
    }
    return loss;
  }
}
