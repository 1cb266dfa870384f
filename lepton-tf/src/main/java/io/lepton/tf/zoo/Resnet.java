package io.lepton.tf.zoo;

import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.List;

/**
 * A residual network over one small image (He et al., CVPR 2016, section 4.2): a convolution, three
 * stages of residual blocks, each of two convolutions of 3×3, and the mean over the image. The
 * second and third stage halve the image and have twice the filters; a shortcut there is a
 * convolution of 1×1. Every convolution is followed by batch normalization.
 *
 * @param filters of the first stage
 * @param blocks in each stage; 3 make the paper's network of 20 layers
 * @param dropout before the last layer
 */
public record Resnet(int filters, int blocks, double dropout) implements Architecture {
  public static final String NAME = "resnet";
  public static final Resnet DEFAULT = new Resnet(16, 2, 0);

  private static final int STAGES = 3;

  public Resnet {
    Options.requirePositive("filters", filters);
    Options.requirePositive("blocks", blocks);
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Feature image = new Inputs(NAME, inputs).only("one image", Kind.IMAGE);
    Blueprint blueprint = new Blueprint(NAME);
    String last =
        blueprint.relu(blueprint.normalizedConvolution(filters, 3, 1, blueprint.pixels(image)));
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks; block++) {
        last = block(filters << stage, stage > 0 && block == 0, last, blueprint);
      }
    }
    String mean = blueprint.add(new PoolingLayer.GlobalAveragePooling2d(), last);
    blueprint.output(output, blueprint.dropout(dropout, mean));
    return blueprint.nodes();
  }

  private static String block(int filters, boolean halves, String input, Blueprint blueprint) {
    int strides = halves ? 2 : 1;
    String first = blueprint.relu(blueprint.normalizedConvolution(filters, 3, strides, input));
    String second = blueprint.normalizedConvolution(filters, 3, 1, first);
    String shortcut = halves ? blueprint.normalizedConvolution(filters, 1, strides, input) : input;
    return blueprint.relu(blueprint.add(new MergeLayer.Add(), second, shortcut));
  }
}
