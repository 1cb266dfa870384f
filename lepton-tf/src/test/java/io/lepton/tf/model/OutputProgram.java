package io.lepton.tf.model;

import io.lepton.tf.MetricSums;
import io.lepton.tf.TrainingProgram;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Tensor;

/** A model whose layers pass their input on, so that inputs are the outputs a loss sees. */
final class OutputProgram implements AutoCloseable {
  private final int width;
  private final float[] identity;
  private final TrainingProgram program;
  private final LocalProgram local;

  /**
   * Compiles it.
   *
   * @param input of float32, and of the outputs' shape
   */
  OutputProgram(ModelInput input, Target target, boolean weighted) {
    width = input.column().width();
    List<Node> layers =
        Node.chain(
            new Layer.Flatten(), Models.dense(width), new Layer.Reshape(input.column().shape()));
    ModelSpec spec = Models.graph(List.of(input), layers, target);
    program = ModelCompiler.compile(weighted ? Models.weighted(spec) : spec, 1).program();
    identity = new float[(int) program.vectorSize()];
    for (int i = 0; i < width; i++) {
      identity[i * width + i] = 1;
    }
    local = new LocalProgram(program);
  }

  OutputProgram load(List<? extends Tensor> columns) {
    local.load(columns).assign(identity);
    return this;
  }

  float[] evaluate(int... rows) {
    return local.evaluate(rows);
  }

  /** Adds what evaluation says of the batches. */
  MetricSums evaluate(List<int[]> batches) {
    MetricSums sums = new MetricSums(program.metrics());
    batches.forEach(rows -> sums.add(FloatBuffer.wrap(local.evaluate(rows)), rows.length));
    return sums;
  }

  /** The derivative of the mean loss by a change of the outputs that is the same in all rows. */
  float[] gradient(int... rows) {
    int at = (int) program.variables().get(1).offset();
    float[] gradient = Arrays.copyOfRange(local.gradient(identity, rows), at, at + width);
    local.assign(identity);
    return gradient;
  }

  @Override
  public void close() {
    local.close();
  }
}
