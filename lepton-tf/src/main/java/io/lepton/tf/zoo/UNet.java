package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.ConvolutionLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.Window;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Something for each pixel of one image (Ronneberger et al., MICCAI 2015): blocks of two
 * convolutions of 3×3 between which the image is halved, then blocks between which it is doubled
 * again by a transposed convolution and put beside what it was before. As is usual now, borders are
 * padded and convolutions are followed by batch normalization.
 *
 * @param filters of the first block; each halving doubles them
 * @param depth how often the image is halved; height and width are multiples of 2 to the power of
 *     it
 * @param dropout after the block in the middle
 */
public record UNet(int filters, int depth, double dropout) implements Architecture {
  public static final String NAME = "u-net";
  public static final UNet DEFAULT = new UNet(16, 3, 0);

  private static final int MOST_DEPTH = 8;

  public UNet {
    Options.requirePositive("filters", filters);
    Options.requirePositive("depth", depth);
    if (depth > MOST_DEPTH) {
      throw new IllegalArgumentException(
          "depth must be at most %d, but was: %d".formatted(MOST_DEPTH, depth));
    }
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Feature image = new Inputs(NAME, inputs).only("one image", Kind.IMAGE);
    requireFit(image.shape().orElseThrow(), output);
    Blueprint blueprint = new Blueprint(NAME);
    Deque<String> sides = new ArrayDeque<>();
    String last = block(filters, blueprint.pixels(image), blueprint);
    for (int level = 1; level <= depth; level++) {
      sides.push(last);
      String half = blueprint.add(new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID), last);
      last = block(filters << level, half, blueprint);
    }
    last = blueprint.dropout(dropout, last);
    for (int level = depth - 1; level >= 0; level--) {
      String whole = doubled(filters << level, last, blueprint);
      last = block(filters << level, beside(sides.pop(), whole, blueprint), blueprint);
    }
    String pixels = blueprint.add(pixel(output.size() == 2 ? 1 : output.get(2)), last);
    if (output.size() == 2) {
      blueprint.reshape(output, pixels);
    }
    return blueprint.nodes();
  }

  private void requireFit(List<Integer> image, List<Integer> output) {
    int multiple = 1 << depth;
    if (image.get(0) % multiple != 0 || image.get(1) % multiple != 0) {
      throw new IllegalArgumentException(
          "%s of depth %d takes images whose height and width are multiples of %d, but was given %s; choose another depth or other images"
              .formatted(NAME, depth, multiple, image));
    }
    boolean pixels = output.size() == 2 || output.size() == 3;
    if (!pixels || !output.subList(0, 2).equals(image.subList(0, 2))) {
      throw new IllegalArgumentException(
          "%s gives something for each pixel of %s, but is to give %s; give the label the shape %s or take another model"
              .formatted(NAME, image, output, image.subList(0, 2)));
    }
  }

  private static String block(int filters, String input, Blueprint blueprint) {
    String first = blueprint.relu(blueprint.normalizedConvolution(filters, 3, 1, input));
    return blueprint.relu(blueprint.normalizedConvolution(filters, 3, 1, first));
  }

  private static String doubled(int filters, String input, Blueprint blueprint) {
    return blueprint.add(
        new ConvolutionLayer.Conv2dTranspose(
            filters, Window.square(2, 2, Padding.SAME), Activation.LINEAR, true),
        input);
  }

  private static String beside(String side, String whole, Blueprint blueprint) {
    return blueprint.add(new MergeLayer.Concatenate(), side, whole);
  }

  private static Layer pixel(int units) {
    return new Layer.Conv2d(units, 1, 1, Padding.VALID, Activation.LINEAR, true);
  }
}
