package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.List;

/**
 * One convolution of 3×3 with ReLU, max-pooling by 2, and a dense layer, over one image.
 *
 * @param filters of the convolution
 * @param dropout before the dense layer
 */
public record SimpleCnn(int filters, double dropout) implements Architecture {
  public static final String NAME = "simple-cnn";
  public static final SimpleCnn DEFAULT = new SimpleCnn(32, 0);

  public SimpleCnn {
    Options.requirePositive("filters", filters);
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Feature image = new Inputs(NAME, inputs).only("one image", Kind.IMAGE);
    Blueprint blueprint = new Blueprint(NAME);
    String convolution =
        blueprint.add(
            new Layer.Conv2d(filters, 3, 1, Padding.VALID, Activation.RELU, true),
            blueprint.pixels(image));
    String pooled = blueprint.add(new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID), convolution);
    blueprint.output(output, blueprint.dropout(dropout, blueprint.flatten(pooled)));
    return blueprint.nodes();
  }
}
