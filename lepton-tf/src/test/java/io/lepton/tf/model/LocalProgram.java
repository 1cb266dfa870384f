package io.lepton.tf.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** A program in a session of TensorFlow's own Java API, driven through its ports alone. */
final class LocalProgram implements AutoCloseable {
  private final TrainingProgram program;
  private final Graph graph = new Graph();
  private final Session session;
  private final List<Tensor> tensors = new ArrayList<>();
  private long epochKey;

  LocalProgram(TrainingProgram program) {
    this(program, ConfigProto.getDefaultInstance());
  }

  LocalProgram(TrainingProgram program, ConfigProto config) {
    this.program = program;
    graph.importGraphDef(graphDef(program));
    this.session = new Session(graph, config);
  }

  static GraphDef graphDef(TrainingProgram program) {
    try {
      return GraphDef.parseFrom(program.graphDef());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  static float[] vector(CompiledModel model) {
    float[] vector = new float[(int) model.initialParameters().size()];
    model.initialParameters().floats().get(vector);
    return vector;
  }

  static FlatVector flat(float... values) {
    FlatVector vector = FlatVector.allocate(values.length);
    vector.floats().put(values);
    return vector;
  }

  static TFloat32 floats(float[] values, long... shape) {
    return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values));
  }

  /** Makes tensors, one a column, the loaded chunk; closes them in the end. */
  LocalProgram load(List<? extends Tensor> columns) {
    return load(columns, 0);
  }

  /** As {@link #load(List)}, with the number of the first example. */
  LocalProgram load(List<? extends Tensor> columns, long firstExample) {
    tensors.addAll(columns);
    TInt64 first = TInt64.scalarOf(firstExample);
    tensors.add(first);
    TrainingProgram.Slot slot = program.slots().get(0);
    Session.Runner runner =
        session.runner().addTarget(slot.stageOp()).feed(slot.firstExample(), first);
    for (int i = 0; i < columns.size(); i++) {
      runner.feed(slot.columnFeeds().get(i), columns.get(i));
    }
    runner.run().close();
    session.runner().addTarget(slot.loadOp()).run().close();
    return this;
  }

  LocalProgram assign(float... vector) {
    Session.Runner runner = session.runner().addTarget(program.assignOp());
    for (Variable variable : program.variables()) {
      int offset = (int) variable.offset();
      float[] part = Arrays.copyOfRange(vector, offset, offset + (int) variable.size());
      TFloat32 value = floats(part, variable.dimensions());
      tensors.add(value);
      runner.feed(variable.feed(), value);
    }
    runner.run().close();
    return this;
  }

  float[] read() {
    Session.Runner runner = session.runner();
    program.variables().forEach(variable -> runner.fetch(variable.read()));
    float[] vector = new float[(int) program.vectorSize()];
    try (Result result = runner.run()) {
      for (int i = 0; i < program.variables().size(); i++) {
        float[] part = values((TFloat32) result.get(i));
        System.arraycopy(part, 0, vector, (int) program.variables().get(i).offset(), part.length);
      }
    }
    return vector;
  }

  /** Sets the key of the epoch that steps are of from now on. */
  LocalProgram epoch(long key) {
    epochKey = key;
    return this;
  }

  /** Takes a step; returns its summary. */
  float[] train(float rate, long step, long seed, int... rows) {
    try (TInt32 indices = TInt32.vectorOf(rows);
        TFloat32 learningRate = TFloat32.scalarOf(rate);
        TInt64 number = TInt64.scalarOf(step);
        TInt64 seeds = TInt64.vectorOf(seed, step, epochKey);
        Result result =
            session
                .runner()
                .feed(program.indices(), indices)
                .feed(program.learningRate(), learningRate)
                .feed(program.step(), number)
                .feed(program.seed(), seeds)
                .addTarget(program.trainOp())
                .fetch(program.trainSummary())
                .run()) {
      return values((TFloat32) result.get(0));
    }
  }

  /** The summary of a batch. */
  float[] evaluate(int... rows) {
    try (TInt32 indices = TInt32.vectorOf(rows);
        Result result =
            session
                .runner()
                .feed(program.indices(), indices)
                .fetch(program.evaluateSummary())
                .run()) {
      return values((TFloat32) result.get(0));
    }
  }

  /** Numbers of the examples of a batch. */
  long[] exampleIds(int... rows) {
    try (TInt32 indices = TInt32.vectorOf(rows);
        Result result =
            session.runner().feed(program.indices(), indices).fetch("example_ids:0").run()) {
      long[] ids = new long[rows.length];
      ((TInt64) result.get(0)).copyTo(DataBuffers.of(ids));
      return ids;
    }
  }

  /** The operations that TensorFlow makes of the program to evaluate it. */
  List<NodeDef> optimizedGraph(int... rows) {
    RunOptions options = RunOptions.newBuilder().setOutputPartitionGraphs(true).build();
    try (TInt32 indices = TInt32.vectorOf(rows);
        Result result =
            session
                .runner()
                .setOptions(options)
                .feed(program.indices(), indices)
                .fetch(program.evaluateSummary())
                .runAndFetchMetadata()) {
      return result.getMetadata().orElseThrow().getPartitionGraphs(0).getNodeList();
    }
  }

  /** The gradient of the mean loss at a vector, for a program of plain gradient descent. */
  float[] gradient(float[] vector, int... rows) {
    assign(vector).train(1, 0, 0, rows);
    float[] after = read();
    float[] gradient = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      gradient[i] = vector[i] - after[i];
    }
    return gradient;
  }

  static float[] values(TFloat32 tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.copyTo(DataBuffers.of(values));
    return values;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    tensors.forEach(Tensor::close);
  }
}
