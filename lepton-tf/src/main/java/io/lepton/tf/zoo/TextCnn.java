package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import java.util.List;

/**
 * Convolutions of several lengths over one text or sequence, side by side, the largest value of
 * each filter over the steps that are there, and a dense layer (Kim, EMNLP 2014).
 *
 * @param embedding elements of a word's vector
 * @param filters of each length
 * @param lengths steps that a filter sees
 * @param dropout before the dense layer
 */
public record TextCnn(int embedding, int filters, List<Integer> lengths, double dropout)
    implements Architecture {
  public static final String NAME = "text-cnn";
  public static final TextCnn DEFAULT = new TextCnn(64, 64, List.of(3, 4, 5), 0.5);

  public TextCnn {
    lengths = List.copyOf(lengths);
    Options.requirePositive("embedding", embedding);
    Options.requirePositive("filters", filters);
    Options.requirePositive("lengths", lengths);
    if (lengths.isEmpty()) {
      throw new IllegalArgumentException("lengths must be one or more, but was: " + lengths);
    }
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Blueprint blueprint = new Blueprint(NAME);
    Steps steps = Steps.of(new Inputs(NAME, inputs), embedding, blueprint);
    List<String> largest =
        lengths.stream().map(length -> largest(length, steps, blueprint)).toList();
    blueprint.output(output, blueprint.dropout(dropout, blueprint.concatenate(largest)));
    return blueprint.nodes();
  }

  private String largest(int length, Steps steps, Blueprint blueprint) {
    String convolution =
        blueprint.add(
            new Layer.Conv1d(filters, length, 1, Padding.SAME, Activation.RELU, true),
            steps.vectors());
    return blueprint.add(new PoolingLayer.GlobalMaxPooling1d(), convolution, steps.mask());
  }
}
