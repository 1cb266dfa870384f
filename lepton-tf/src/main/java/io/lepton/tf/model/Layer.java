package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * One layer of a model, as data: its options and the shape rule, no weights.
 *
 * <p>Shapes are those of one example, without the batch dimension; images are {@code [height,
 * width, channels]}, sequences {@code [steps, channels]}.
 */
public sealed interface Layer extends Serializable
    permits AttentionLayer,
        BorderLayer,
        ConvolutionLayer,
        IdLayer,
        ImportedLayer,
        MergeLayer,
        NormalizationLayer,
        PoolingLayer,
        RectifierLayer,
        RecurrentLayer,
        Layer.ActivationLayer,
        Layer.Conv1d,
        Layer.Conv2d,
        Layer.Dense,
        Layer.Dropout,
        Layer.Flatten,
        Layer.Rescaling,
        Layer.Reshape {

  /** The name the layer has in configuration files. */
  String kind();

  /** How many inputs it takes: one, unless a layer says otherwise. */
  default Arity arity() {
    return Arity.ONE;
  }

  /** Whether an input must be integers, a model's input as it is stored. */
  default boolean takesIds(int input) {
    return false;
  }

  /** Names of the weights it can have that are learned, such as {@code kernel}. */
  default List<String> weightNames() {
    return List.of();
  }

  /**
   * The shape that comes out when inputs go in.
   *
   * @param inputs their shapes, as many as {@link #arity} allows
   * @throws IllegalArgumentException if the layer cannot take these; the message is the rule and,
   *     after a semicolon, the mend
   */
  List<Integer> outputShape(List<List<Integer>> inputs);

  /**
   * Weights {@code [in, units]} and a bias on the last dimension: {@code [.., in]} to {@code [..,
   * units]}.
   */
  record Dense(int units, Activation activation, boolean useBias) implements Layer {
    public Dense {
      Shapes.requirePositive("units", units);
    }

    @Override
    public String kind() {
      return "dense";
    }

    @Override
    public List<String> weightNames() {
      return List.of("kernel", "bias");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      if (inputs.get(0).isEmpty()) {
        throw new IllegalArgumentException(
            "dense takes an input of shape [.., features], but was given []; put a flatten before it");
      }
      return Shapes.withLast(inputs.get(0), units);
    }
  }

  /** Convolution over {@code [steps, channels]}; weights {@code [k, in, filters]}. */
  record Conv1d(
      int filters,
      int kernelSize,
      int strides,
      Padding padding,
      int dilation,
      Activation activation,
      boolean useBias)
      implements Layer {
    public Conv1d {
      Shapes.requirePositive("filters", filters);
      new Window(1, kernelSize, strides, padding, dilation);
    }

    /** One without dilation. */
    public Conv1d(
        int filters,
        int kernelSize,
        int strides,
        Padding padding,
        Activation activation,
        boolean useBias) {
      this(filters, kernelSize, strides, padding, 1, activation, useBias);
    }

    @Override
    public String kind() {
      return "conv1d";
    }

    @Override
    public List<String> weightNames() {
      return List.of("kernel", "bias");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = Shapes.sequence(kind(), inputs.get(0));
      int reach = Window.reach(kernelSize, dilation);
      return List.of(Shapes.window(kind(), input, 0, reach, strides, padding), filters);
    }
  }

  /**
   * Convolution over {@code [height, width, channels]}; weights {@code [height, width, in,
   * filters]} of the window's height and width.
   */
  record Conv2d(int filters, Window window, Activation activation, boolean useBias)
      implements Layer {
    public Conv2d {
      Shapes.requirePositive("filters", filters);
    }

    /** One of a square window without dilation. */
    public Conv2d(
        int filters,
        int kernelSize,
        int strides,
        Padding padding,
        Activation activation,
        boolean useBias) {
      this(filters, Window.square(kernelSize, strides, padding), activation, useBias);
    }

    @Override
    public String kind() {
      return "conv2d";
    }

    @Override
    public List<String> weightNames() {
      return List.of("kernel", "bias");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return window.outputShape(kind(), inputs.get(0), filters);
    }
  }

  /** All dimensions into one. */
  record Flatten() implements Layer {
    @Override
    public String kind() {
      return "flatten";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      long width = Shapes.elements(inputs.get(0));
      if (width > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "flatten takes an input of at most %d elements, but was given %s; pool before it"
                .formatted(Integer.MAX_VALUE, inputs.get(0)));
      }
      return List.of((int) width);
    }
  }

  /** The same elements in the same order, in another shape. */
  record Reshape(List<Integer> shape) implements Layer {
    public Reshape {
      shape = List.copyOf(shape);
      shape.forEach(dimension -> Shapes.requirePositive("shape", dimension));
    }

    @Override
    public String kind() {
      return "reshape";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      long elements = Shapes.elements(inputs.get(0));
      if (elements != Shapes.elements(shape)) {
        throw new IllegalArgumentException(
            "reshape to %s takes an input of %d elements, but was given %s with %d; change its shape"
                .formatted(shape, Shapes.elements(shape), inputs.get(0), elements));
      }
      return shape;
    }
  }

  /**
   * Zeroes a share of the elements while training and scales the others up by {@code 1/(1−rate)};
   * nothing otherwise. The mask depends on the seed port and the layer's position only.
   */
  record Dropout(double rate) implements Layer {
    public Dropout {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("rate must be in [0, 1), but was: " + rate);
      }
    }

    @Override
    public String kind() {
      return "dropout";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return inputs.get(0);
    }
  }

  /** {@code x·scale + offset}. */
  record Rescaling(double scale, double offset) implements Layer {
    public Rescaling {
      if (!Double.isFinite(scale) || !Double.isFinite(offset)) {
        throw new IllegalArgumentException(
            "scale and offset must be finite, but were: %s and %s".formatted(scale, offset));
      }
    }

    @Override
    public String kind() {
      return "rescaling";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return inputs.get(0);
    }
  }

  /** An activation on its own. */
  record ActivationLayer(Activation function) implements Layer {
    @Override
    public String kind() {
      return "activation";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return inputs.get(0);
    }
  }
}
