package io.lepton.tf.model;

import java.util.List;

/** A layer over images that is made of convolutions, beside the plain {@link Layer.Conv2d}. */
public sealed interface ConvolutionLayer extends Layer {
  /** Applied at the end. */
  Activation activation();

  boolean useBias();

  /**
   * The transpose of a convolution, which makes images larger by {@code strides}; weights {@code
   * [height, width, filters, in]}.
   *
   * @param window without dilation
   */
  record Conv2dTranspose(int filters, Window window, Activation activation, boolean useBias)
      implements ConvolutionLayer {
    public Conv2dTranspose {
      Shapes.requirePositive("filters", filters);
      requireDense(window);
    }

    @Override
    public String kind() {
      return "conv2d-transpose";
    }

    @Override
    public List<String> weightNames() {
      return List.of("kernel", "bias");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = Shapes.image(kind(), inputs.get(0));
      return List.of(
          length(input, input.get(0), window.height()),
          length(input, input.get(1), window.width()),
          filters);
    }

    private int length(List<Integer> input, int length, int size) {
      long grown = (long) length * window.strides();
      if (window.padding() == Padding.VALID) {
        grown += Math.max(size - window.strides(), 0);
      }
      if (grown > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s gives at most %d rows and columns, but was given %s; use smaller strides"
                .formatted(kind(), Integer.MAX_VALUE, input));
      }
      return (int) grown;
    }
  }

  /**
   * A convolution of each channel on its own into {@code depthMultiplier} channels; weights {@code
   * [height, width, in, depthMultiplier]}.
   *
   * @param window without dilation
   */
  record DepthwiseConv2d(int depthMultiplier, Window window, Activation activation, boolean useBias)
      implements ConvolutionLayer {
    public DepthwiseConv2d {
      Shapes.requirePositive("depth-multiplier", depthMultiplier);
      requireDense(window);
    }

    @Override
    public String kind() {
      return "depthwise-conv2d";
    }

    @Override
    public List<String> weightNames() {
      return List.of("kernel", "bias");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      int channels = channels(kind(), inputs.get(0), depthMultiplier);
      return window.outputShape(kind(), inputs.get(0), channels);
    }
  }

  /**
   * A depthwise convolution and one of 1×1 after it; weights {@code depthwise_kernel [height,
   * width, in, depthMultiplier]} and {@code pointwise_kernel [1, 1, in·depthMultiplier, filters]}.
   *
   * @param window without dilation
   */
  record SeparableConv2d(
      int filters, int depthMultiplier, Window window, Activation activation, boolean useBias)
      implements ConvolutionLayer {
    public SeparableConv2d {
      Shapes.requirePositive("filters", filters);
      Shapes.requirePositive("depth-multiplier", depthMultiplier);
      requireDense(window);
    }

    @Override
    public String kind() {
      return "separable-conv2d";
    }

    @Override
    public List<String> weightNames() {
      return List.of("depthwise_kernel", "pointwise_kernel", "bias");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      channels(kind(), inputs.get(0), depthMultiplier);
      return window.outputShape(kind(), inputs.get(0), filters);
    }
  }

  private static void requireDense(Window window) {
    if (window.dilation() != 1) {
      throw new IllegalArgumentException(
          "dilation-rate must be 1 but in conv1d and conv2d, but was: " + window.dilation());
    }
  }

  private static int channels(String kind, List<Integer> image, int multiplier) {
    long channels = (long) Shapes.last(Shapes.image(kind, image)) * multiplier;
    if (channels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s gives at most %d channels, but was given %s; use a smaller depth-multiplier"
              .formatted(kind, Integer.MAX_VALUE, image));
    }
    return (int) channels;
  }
}
