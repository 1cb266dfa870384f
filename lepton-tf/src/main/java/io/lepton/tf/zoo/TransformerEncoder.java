package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.AttentionLayer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.NormalizationLayer;
import io.lepton.tf.model.PoolingLayer;
import java.util.List;

/**
 * Blocks of attention over one text or sequence (Vaswani et al., 2017), each normalised before its
 * two parts rather than after (Xiong et al., 2020), then the mean over the steps that are there and
 * a dense layer. Positions are learned.
 *
 * @param width elements of a step; a sequence is brought to it by a dense layer
 * @param heads of attention, which divide the width
 * @param blocks one upon another
 * @param feedForward units of the hidden layer of each block
 * @param dropout of the vectors, of the shares of attention and after both parts of a block
 */
public record TransformerEncoder(int width, int heads, int blocks, int feedForward, double dropout)
    implements Architecture {
  public static final String NAME = "transformer-encoder";
  public static final TransformerEncoder DEFAULT = new TransformerEncoder(64, 4, 2, 128, 0.1);

  private static final double EPSILON = 1e-6;

  public TransformerEncoder {
    Options.requirePositive("width", width);
    Options.requirePositive("heads", heads);
    Options.requirePositive("blocks", blocks);
    Options.requirePositive("feed-forward", feedForward);
    Options.requireFraction("dropout", dropout);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "heads must divide the width of %d, but was: %d".formatted(width, heads));
    }
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Inputs given = new Inputs(NAME, inputs);
    Blueprint blueprint = new Blueprint(NAME);
    Steps steps = Steps.of(given, width, blueprint);
    String vectors =
        inputs.get(0).kind() == Feature.Kind.SEQUENCE
            ? blueprint.dense(width, Activation.LINEAR, steps.vectors())
            : steps.vectors();
    String last =
        blueprint.dropout(
            dropout, blueprint.add(new AttentionLayer.PositionalEmbedding(), vectors));
    for (int block = 0; block < blocks; block++) {
      last = added(last, attended(normalized(last, blueprint), steps.mask(), blueprint), blueprint);
      last = added(last, fed(normalized(last, blueprint), blueprint), blueprint);
    }
    String mean =
        blueprint.add(
            new PoolingLayer.GlobalAveragePooling1d(), normalized(last, blueprint), steps.mask());
    blueprint.output(output, mean);
    return blueprint.nodes();
  }

  private String attended(String steps, String mask, Blueprint blueprint) {
    return blueprint.add(
        new AttentionLayer.MultiHeadAttention(
            heads, width / heads, width / heads, dropout, true, false),
        steps,
        mask);
  }

  private String fed(String steps, Blueprint blueprint) {
    String hidden = blueprint.dense(feedForward, Activation.GELU, steps);
    return blueprint.dense(width, Activation.LINEAR, hidden);
  }

  private String added(String before, String part, Blueprint blueprint) {
    return blueprint.add(new MergeLayer.Add(), before, blueprint.dropout(dropout, part));
  }

  private static String normalized(String steps, Blueprint blueprint) {
    return blueprint.add(new NormalizationLayer.LayerNormalization(EPSILON, true, true), steps);
  }
}
