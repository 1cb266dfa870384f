package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * What of an image one output pixel sees, and how far apart such windows are.
 *
 * @param height rows of taps
 * @param width columns of taps
 * @param strides pixels from one window to the next, in both directions
 * @param dilation pixels from one tap to the next, in both directions
 */
public record Window(int height, int width, int strides, Padding padding, int dilation)
    implements Serializable {
  public Window {
    Shapes.requirePositive("kernel-size", Math.min(height, width));
    Shapes.requirePositive("strides", strides);
    Shapes.requirePositive("dilation-rate", dilation);
    if (strides > 1 && dilation > 1) {
      throw new IllegalArgumentException(
          "dilation-rate must be 1 where strides are above 1, but they were: %d and %d"
              .formatted(dilation, strides));
    }
  }

  /** A square one without dilation. */
  public static Window square(int size, int strides, Padding padding) {
    return new Window(size, size, strides, padding, 1);
  }

  /** {@code [rows, columns, channels]} of what comes out of an image. */
  List<Integer> outputShape(String kind, List<Integer> image, int channels) {
    List<Integer> input = Shapes.image(kind, image);
    return List.of(
        Shapes.window(kind, input, 0, reach(height, dilation), strides, padding),
        Shapes.window(kind, input, 1, reach(width, dilation), strides, padding),
        channels);
  }

  /** Strides as an operation's attribute. */
  List<Long> strideAttribute() {
    return List.of(1L, (long) strides, (long) strides, 1L);
  }

  /** From the first to the last of so many taps. */
  static int reach(int size, int dilation) {
    return (int) Math.min(Integer.MAX_VALUE, (size - 1L) * dilation + 1);
  }
}
