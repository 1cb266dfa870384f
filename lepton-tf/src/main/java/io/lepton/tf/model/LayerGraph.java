package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * Emits the layers of a network; every emission computes with the same weights.
 *
 * @param weights values of the network's weights, by name
 * @param tables where rows of embeddings are looked up
 */
record LayerGraph(Network network, Map<String, Operand<TFloat32>> weights, Tables tables) {
  /** Gives rows {@code [.., dimension]} of a weight for ids {@code [..]}. */
  interface Tables {
    Operand<TFloat32> rows(Ops tf, String weight, Operand<TInt64> ids);
  }

  /** Looks rows up in the values of weights. */
  LayerGraph(Network network, Map<String, Operand<TFloat32>> weights) {
    this(
        network, weights, (tf, weight, ids) -> tf.gather(weights.get(weight), ids, tf.constant(0)));
  }

  /**
   * Emits all layers.
   *
   * @param inputs of the model as prepared, by name
   * @return outputs of all layers, and inputs as floats, by name
   */
  Map<String, Operand<TFloat32>> emit(
      Ops tf, Map<String, Operand<? extends TType>> inputs, DropoutRule dropout) {
    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    inputs.forEach((name, input) -> values.put(name, InputGraph.cast(tf, input, TFloat32.class)));
    for (Network.Part part : network.parts()) {
      Ops scope = tf.withSubScope(part.name());
      if (part.layer() instanceof ImportedLayer imported) {
        values.put(part.name(), imported(scope, part, imported, inputs, values));
        continue;
      }
      values.put(
          part.name(),
          part.layer() instanceof IdLayer layer
              ? ids(scope, part, layer, inputs.get(part.inputs().get(0)))
              : emit(scope, part, part.inputs().stream().map(values::get).toList(), dropout));
    }
    return values;
  }

  /** The shape of a batch of examples of a shape. */
  static Operand<TInt32> batchOf(Ops tf, List<Integer> shape) {
    int[] dimensions = new int[shape.size() + 1];
    dimensions[0] = -1;
    for (int i = 0; i < shape.size(); i++) {
      dimensions[i + 1] = shape.get(i);
    }
    return tf.constant(dimensions);
  }

  private Operand<TFloat32> emit(
      Ops tf, Network.Part part, List<Operand<TFloat32>> inputs, DropoutRule dropout) {
    Layer layer = part.layer();
    Operand<TFloat32> x = inputs.get(0);
    if (layer instanceof PoolingLayer pooling) {
      return PoolingGraph.emit(tf, pooling, inputs, part.inputShapes().get(0), part.shape());
    }
    if (layer instanceof RecurrentLayer recurrent) {
      return RecurrentGraph.emit(
          tf, recurrent, inputs, part.inputShapes().get(0), name -> weight(part, name));
    }
    if (layer instanceof Layer.Dense dense) {
      Operand<TFloat32> product = tf.linalg.matMul(x, weight(part, "kernel"));
      return finish(tf, part, product, dense.activation());
    }
    if (layer instanceof Layer.Conv1d conv) {
      return finish(tf, part, convolve(tf, part, conv, x), conv.activation());
    }
    if (layer instanceof Layer.Conv2d conv) {
      List<Long> strides = List.of(1L, (long) conv.strides(), (long) conv.strides(), 1L);
      Operand<TFloat32> product =
          tf.nn.conv2d(x, weight(part, "kernel"), strides, conv.padding().name());
      return finish(tf, part, product, conv.activation());
    }
    if (layer instanceof Layer.Flatten || layer instanceof Layer.Reshape) {
      return tf.reshape(x, batchOf(tf, part.shape()));
    }
    if (layer instanceof Layer.Dropout drop) {
      return dropout.emit(tf, part.index(), drop.rate(), x, part.shape());
    }
    if (layer instanceof Layer.Rescaling rescaling) {
      return rescale(tf, rescaling, x);
    }
    if (layer instanceof Layer.ActivationLayer activation) {
      return ActivationGraph.emit(tf, activation.function(), x, part.shape());
    }
    if (layer instanceof MergeLayer.Concatenate) {
      return tf.concat(inputs, tf.constant(part.shape().size()));
    }
    if (layer instanceof MergeLayer.Add) {
      return tf.math.addN(inputs);
    }
    throw new AssertionError(layer);
  }

  private Operand<TFloat32> ids(
      Ops tf, Network.Part part, IdLayer layer, Operand<? extends TType> stored) {
    Operand<TInt64> ids = InputGraph.cast(tf, stored, TInt64.class);
    if (layer instanceof IdLayer.NotEqual other) {
      Operand<TInt64> value = tf.constant((long) other.value());
      return tf.dtypes.cast(tf.math.notEqual(ids, value), TFloat32.class);
    }
    return tables.rows(tf, part.name() + "/embeddings", ids);
  }

  private Operand<TFloat32> imported(
      Ops tf,
      Network.Part part,
      ImportedLayer layer,
      Map<String, Operand<? extends TType>> inputs,
      Map<String, Operand<TFloat32>> values) {
    List<Operand<? extends TType>> given = new ArrayList<>();
    for (String name : part.inputs()) {
      given.add(layer.takesIds(given.size()) ? inputs.get(name) : values.get(name));
    }
    return ImportedGraph.emit(tf, layer, part.name(), given, weights);
  }

  // As one row of an image.
  private Operand<TFloat32> convolve(
      Ops tf, Network.Part part, Layer.Conv1d layer, Operand<TFloat32> x) {
    Operand<TFloat32> row = tf.expandDims(x, tf.constant(1));
    Operand<TFloat32> kernel = tf.expandDims(weight(part, "kernel"), tf.constant(0));
    List<Long> strides = List.of(1L, (long) layer.strides(), (long) layer.strides(), 1L);
    Operand<TFloat32> product = tf.nn.conv2d(row, kernel, strides, layer.padding().name());
    return tf.reshape(product, batchOf(tf, part.shape()));
  }

  private Operand<TFloat32> finish(
      Ops tf, Network.Part part, Operand<TFloat32> product, Activation activation) {
    Operand<TFloat32> bias = weight(part, "bias");
    return ActivationGraph.emit(
        tf, activation, bias == null ? product : tf.nn.biasAdd(product, bias), part.shape());
  }

  private Operand<TFloat32> weight(Network.Part part, String name) {
    return weights.get(part.name() + "/" + name);
  }

  private static Operand<TFloat32> rescale(Ops tf, Layer.Rescaling layer, Operand<TFloat32> x) {
    Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) layer.scale()));
    return layer.offset() == 0 ? scaled : tf.math.add(scaled, tf.constant((float) layer.offset()));
  }
}
