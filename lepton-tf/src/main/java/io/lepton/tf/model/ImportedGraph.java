package io.lepton.tf.model;

import io.lepton.tf.Variable;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.ImportedVariable;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Emits imported models and gives their weights. */
final class ImportedGraph {
  private ImportedGraph() {}

  /** The weights of a layer, as zeros. */
  static List<Weight> weights(ImportedLayer layer, String name) {
    return layer.model().variables().stream()
        .map(variable -> Weight.learned(name, variable.name(), variable.shape(), Initializer.ZEROS))
        .toList();
  }

  /**
   * Writes the exported values where the variables of imported layers are.
   *
   * @param vector that training starts from
   */
  static void restore(Network network, List<Variable> variables, ByteBuffer vector) {
    Map<String, Variable> byName = new HashMap<>();
    variables.forEach(variable -> byName.put(variable.name(), variable));
    FloatBuffer values = vector.asFloatBuffer();
    for (Network.Part part : network.parts()) {
      if (part.layer() instanceof ImportedLayer layer) {
        for (ImportedVariable variable : layer.model().variables()) {
          long offset = byName.get(part.name() + "/" + variable.name()).offset();
          values.put(Math.toIntExact(offset), variable.values());
        }
      }
    }
  }

  /**
   * Emits a layer.
   *
   * @param inputs as they are prepared, or what other layers give
   * @param weights of the whole network, by name
   */
  static Operand<TFloat32> emit(
      Ops tf,
      ImportedLayer layer,
      String name,
      List<Operand<? extends TType>> inputs,
      Map<String, Operand<TFloat32>> weights) {
    ImportedModel model = layer.model();
    Map<String, Operand<?>> given = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      ImportedModel.Input input = model.inputs().get(i);
      given.put(input.name(), cast(tf, input, inputs.get(i)));
    }
    Map<String, Operand<?>> values = new HashMap<>();
    for (ImportedVariable variable : model.variables()) {
      values.put(variable.name(), weights.get(name + "/" + variable.name()));
    }
    Operand<?> output = model.graph().emit(tf, given, values, layer.logits()).get(layer.output());
    return InputGraph.cast(tf, output.asOutput(), TFloat32.class);
  }

  /** A value of the type that an input has. */
  static Operand<?> cast(Ops tf, ImportedModel.Input input, Operand<? extends TType> value) {
    return switch (input.type()) {
      case DT_INT32 -> InputGraph.cast(tf, value, TInt32.class);
      case DT_INT64 -> InputGraph.cast(tf, value, TInt64.class);
      case DT_UINT8 -> InputGraph.cast(tf, value, TUint8.class);
      default -> InputGraph.cast(tf, value, TFloat32.class);
    };
  }
}
