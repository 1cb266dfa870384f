package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * Emits the layers of a network; every emission computes with the same weights.
 *
 * @param weights values of the network's weights and state, by name
 * @param tables where rows of embeddings are looked up
 */
record LayerGraph(
    Network network, Map<String, Operand<TFloat32>> weights, Tables tables, ComputeType type) {
  /** Gives rows {@code [.., dimension]} of a weight for ids {@code [..]}. */
  interface Tables {
    Operand<TFloat32> rows(Ops tf, String weight, Operand<TInt64> ids);
  }

  /** Looks rows up in the values of weights. */
  LayerGraph(Network network, Map<String, Operand<TFloat32>> weights) {
    this(
        network,
        weights,
        (tf, weight, ids) -> tf.gather(weights.get(weight), ids, tf.constant(0)),
        ComputeType.FLOAT32);
  }

  /**
   * Emits all layers as they are outside training.
   *
   * @param inputs of the model as prepared, by name
   * @return outputs of all layers, and inputs as floats, by name
   */
  Map<String, Operand<TFloat32>> emit(Ops tf, Map<String, Operand<? extends TType>> inputs) {
    return emit(tf, inputs, DropoutRule.OFF, Optional.empty());
  }

  /**
   * Emits all layers as they are in a step of training.
   *
   * @param updates takes what becomes of the state
   */
  Map<String, Operand<TFloat32>> train(
      Ops tf,
      Map<String, Operand<? extends TType>> inputs,
      DropoutRule dropout,
      StateUpdates updates) {
    return emit(tf, inputs, dropout, Optional.of(updates));
  }

  private Map<String, Operand<TFloat32>> emit(
      Ops tf,
      Map<String, Operand<? extends TType>> inputs,
      DropoutRule dropout,
      Optional<StateUpdates> training) {
    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    inputs.forEach((name, input) -> values.put(name, InputGraph.cast(tf, input, TFloat32.class)));
    for (Network.Part part : network.parts()) {
      Ops scope = tf.withSubScope(part.name());
      if (part.layer() instanceof ImportedLayer) {
        values.put(part.name(), imported(scope, part, inputs, values, dropout, training));
        continue;
      }
      values.put(
          part.name(),
          part.layer() instanceof IdLayer layer
              ? ids(scope, part, layer, inputs.get(part.inputs().get(0)))
              : emit(
                  scope,
                  part,
                  part.inputs().stream().map(values::get).toList(),
                  dropout,
                  training));
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
      Ops tf,
      Network.Part part,
      List<Operand<TFloat32>> inputs,
      DropoutRule dropout,
      Optional<StateUpdates> training) {
    Layer layer = part.layer();
    Operand<TFloat32> x = inputs.get(0);
    if (layer instanceof PoolingLayer pooling) {
      return PoolingGraph.emit(tf, pooling, inputs, part.inputShapes().get(0), part.shape());
    }
    if (layer instanceof RecurrentLayer recurrent) {
      return RecurrentGraph.emit(
          tf, recurrent, inputs, part.inputShapes().get(0), name -> weight(part, name));
    }
    if (layer instanceof NormalizationLayer) {
      return new NormalizationGraph(tf, part, weights(part)).emit(x, training);
    }
    if (layer instanceof Layer.Dense dense) {
      return finish(tf, part, product(tf, part, x), dense.activation());
    }
    ConvolutionGraph convolutions = new ConvolutionGraph(tf, weights(part), type, part.name());
    if (layer instanceof Layer.Conv1d conv) {
      return finish(tf, part, convolutions.emit(conv, x, part.shape()), conv.activation());
    }
    if (layer instanceof Layer.Conv2d conv) {
      return finish(tf, part, convolutions.emit(conv, x), conv.activation());
    }
    if (layer instanceof ConvolutionLayer conv) {
      return finish(tf, part, convolutions.emit(conv, x, part.shape()), conv.activation());
    }
    if (layer instanceof RectifierLayer rectifier) {
      return rectify(tf, part, rectifier, x);
    }
    if (layer instanceof BorderLayer border) {
      return border(tf, border, x, part.shape());
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
    if (layer instanceof MergeLayer merge) {
      return MergeGraph.emit(tf, merge, inputs, part.shape().size());
    }
    if (layer instanceof AttentionLayer) {
      return new AttentionGraph(tf, part, weights, type).emit(inputs, dropout);
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
      Map<String, Operand<? extends TType>> inputs,
      Map<String, Operand<TFloat32>> values,
      DropoutRule dropout,
      Optional<StateUpdates> training) {
    List<Operand<? extends TType>> given = new ArrayList<>();
    for (String name : part.inputs()) {
      given.add(part.layer().takesIds(given.size()) ? inputs.get(name) : values.get(name));
    }
    return new ImportedGraph(tf, part, weights).emit(given, dropout, training);
  }

  private Operand<TFloat32> product(Ops tf, Network.Part part, Operand<TFloat32> x) {
    Operand<TFloat32> kernel = weight(part, "kernel");
    List<Integer> shape = part.inputShapes().get(0);
    if (shape.size() == 1) {
      return type.multiply(tf, part.name(), new Product.MatMul(tf), x, kernel);
    }
    Operand<TFloat32> rows = tf.reshape(x, tf.constant(new int[] {-1, Shapes.last(shape)}));
    return tf.reshape(
        type.multiply(tf, part.name(), new Product.MatMul(tf), rows, kernel),
        batchOf(tf, part.shape()));
  }

  private Operand<TFloat32> rectify(
      Ops tf, Network.Part part, RectifierLayer layer, Operand<TFloat32> x) {
    if (layer instanceof RectifierLayer.LeakyRelu leaky) {
      return ActivationGraph.leakyRelu(tf, x, (float) leaky.negativeSlope());
    }
    Operand<TFloat32> below = tf.nn.relu(tf.math.neg(x));
    return tf.math.sub(tf.nn.relu(x), tf.math.mul(weight(part, "alpha"), below));
  }

  private static Operand<TFloat32> border(
      Ops tf, BorderLayer layer, Operand<TFloat32> x, List<Integer> output) {
    if (layer instanceof BorderLayer.Cropping2d) {
      return tf.slice(
          x, tf.constant(new int[] {0, layer.top(), layer.left(), 0}), batchOf(tf, output));
    }
    int[][] zeros = {{0, 0}, {layer.top(), layer.bottom()}, {layer.left(), layer.right()}, {0, 0}};
    return tf.pad(x, tf.constant(zeros), tf.constant(0f));
  }

  private Operand<TFloat32> finish(
      Ops tf, Network.Part part, Operand<TFloat32> product, Activation activation) {
    Operand<TFloat32> bias = weight(part, "bias");
    return ActivationGraph.emit(
        tf, activation, bias == null ? product : tf.nn.biasAdd(product, bias), part.shape());
  }

  private Map<String, Operand<TFloat32>> weights(Network.Part part) {
    return part.weights().stream()
        .collect(Collectors.toMap(Weight::shortName, weight -> weights.get(weight.name())));
  }

  private Operand<TFloat32> weight(Network.Part part, String name) {
    return weights.get(part.name() + "/" + name);
  }

  private static Operand<TFloat32> rescale(Ops tf, Layer.Rescaling layer, Operand<TFloat32> x) {
    Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) layer.scale()));
    return layer.offset() == 0 ? scaled : tf.math.add(scaled, tf.constant((float) layer.offset()));
  }
}
