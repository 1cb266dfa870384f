package io.lepton.tf.model;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.Variable;
import io.lepton.tf.savedmodel.FlatGraph;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.ImportedVariable;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * Emits an imported model.
 *
 * @param weights of the whole network, by name
 */
record ImportedGraph(Ops tf, Network.Part part, Map<String, Operand<TFloat32>> weights) {

  /** The variables of a layer; what they start from is not said here. */
  static List<Weight> weights(ImportedLayer layer, String name) {
    return layer.model().variables().stream()
        .map(
            variable ->
                variable.trainable()
                    ? Weight.learned(name, variable.name(), variable.shape(), Initializer.ZEROS)
                    : Weight.state(name, variable.name(), variable.shape(), Initializer.ZEROS))
        .toList();
  }

  /**
   * Writes the exported values where the variables of imported layers are.
   *
   * @param vector that training starts from
   */
  static void restore(Network network, List<Variable> variables, FlatVector vector) {
    Map<String, Variable> byName = new HashMap<>();
    variables.forEach(variable -> byName.put(variable.name(), variable));
    for (Network.Part part : network.parts()) {
      if (part.layer() instanceof ImportedLayer layer) {
        for (ImportedVariable variable : layer.model().variables()) {
          long offset = byName.get(part.name() + "/" + variable.name()).offset();
          vector.put(offset, FloatBuffer.wrap(variable.values()));
        }
      }
    }
  }

  /**
   * Emits it.
   *
   * @param inputs as they are prepared, or what other layers give
   * @param dropout gives the seed in training
   * @param training takes the next state; empty outside training
   */
  Operand<TFloat32> emit(
      List<Operand<? extends TType>> inputs, DropoutRule dropout, Optional<StateUpdates> training) {
    ImportedLayer layer = (ImportedLayer) part.layer();
    ImportedModel model = layer.model();
    Map<String, Operand<?>> given = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      ImportedModel.Input input = model.inputs().get(i);
      given.put(input.name(), cast(tf, input.type(), inputs.get(i)));
    }
    Map<String, Operand<?>> values = new HashMap<>();
    for (ImportedVariable variable : model.variables()) {
      values.put(variable.name(), weights.get(nameOf(variable.name())));
    }
    FlatGraph graph = training.isPresent() ? model.training() : model.inference();
    FlatGraph.Emitted emitted = graph.emit(tf, given, values, seeds(graph, dropout));
    training.ifPresent(
        updates ->
            emitted.effects().forEach((name, value) -> updates.put(nameOf(name), floats(value))));
    Operand<?> output = emitted.outputs().get(layer.output());
    return floats(layer.logits() ? emitted.logits().getOrDefault(layer.output(), output) : output);
  }

  private String nameOf(String variable) {
    return part.name() + "/" + variable;
  }

  private Operand<TFloat32> floats(Operand<?> value) {
    return InputGraph.cast(tf, value.asOutput(), TFloat32.class);
  }

  private Map<String, Operand<?>> seeds(FlatGraph graph, DropoutRule dropout) {
    Map<String, Operand<?>> seeds = new HashMap<>();
    graph
        .seeds()
        .forEach(
            (node, type) -> {
              long salt = Draws.mix(31L * part.index() + seeds.size() + 1) >>> 33;
              Operand<TInt64> seed = ((SeededDropout) dropout).seed();
              Operand<TInt64> own = tf.bitwise.bitwiseXor(seed, tf.constant(new long[] {salt, 0}));
              seeds.put(node, cast(tf, type, own));
            });
    return seeds;
  }

  /** A value of a type. */
  static Operand<?> cast(Ops tf, DataType type, Operand<? extends TType> value) {
    return switch (type) {
      case DT_INT32 -> InputGraph.cast(tf, value, TInt32.class);
      case DT_INT64 -> InputGraph.cast(tf, value, TInt64.class);
      case DT_UINT8 -> InputGraph.cast(tf, value, TUint8.class);
      case DT_FLOAT -> InputGraph.cast(tf, value, TFloat32.class);
      default ->
          tf.scope()
              .opBuilder("Cast", "Cast")
              .addInput(value.asOutput())
              .setAttr("DstT", type)
              .build()
              .output(0);
    };
  }
}
