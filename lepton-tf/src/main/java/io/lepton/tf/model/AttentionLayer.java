package io.lepton.tf.model;

import java.util.List;

/** A layer that tells the steps of a sequence apart, or lets them look at each other. */
public sealed interface AttentionLayer extends Layer {

  /**
   * Attention of several heads (arXiv 1706.03762), as Keras has it: {@code softmax(q·kᵀ/√keyDim)·v}
   * in each head, all heads together by one more dense layer.
   *
   * <p>Takes a sequence {@code [steps, channels]} that looks at itself, or one that looks and one
   * that is looked at; then, if there is one, a mask {@code [steps]} of 0 and 1 of what is looked
   * at: steps of 0 are not seen. Gives {@code [steps, channels]} of the one that looks.
   *
   * <p>Weights: {@code query/kernel [channels, heads, keyDim]}, {@code query/bias [heads, keyDim]},
   * {@code key} alike, {@code value} with {@code valueDim}, {@code attention-output/kernel [heads,
   * valueDim, channels]}, {@code attention-output/bias [channels]}.
   *
   * @param dropout of the softmax's shares, while training
   * @param causal whether a step sees only itself and those before it
   */
  record MultiHeadAttention(
      int heads, int keyDim, int valueDim, double dropout, boolean useBias, boolean causal)
      implements AttentionLayer {
    public MultiHeadAttention {
      Shapes.requirePositive("heads", heads);
      Shapes.requirePositive("key-dim", keyDim);
      Shapes.requirePositive("value-dim", valueDim);
      if (!(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("dropout must be in [0, 1), but was: " + dropout);
      }
    }

    @Override
    public String kind() {
      return "multi-head-attention";
    }

    @Override
    public Arity arity() {
      return new Arity(1, 3);
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> query = Shapes.sequence(kind(), inputs.get(0));
      List<Integer> seen = seen(inputs);
      List<Integer> mask = inputs.get(inputs.size() - 1);
      boolean fits =
          seen.size() == 2
              && (inputs.size() < 3 || mask.size() == 1)
              && (!hasMask(inputs) || mask.get(0).equals(seen.get(0)));
      if (!fits) {
        throw new IllegalArgumentException(
            "%s takes a sequence, or the one that looks and the one that is seen, then a mask of the steps seen, but was given %s; name them in this order"
                .formatted(kind(), inputs));
      }
      return query;
    }

    /** The shape of what is looked at. */
    static List<Integer> seen(List<List<Integer>> inputs) {
      return inputs.size() > 1 && inputs.get(1).size() > 1 ? inputs.get(1) : inputs.get(0);
    }

    static boolean hasMask(List<List<Integer>> inputs) {
      return inputs.size() > 1 && inputs.get(inputs.size() - 1).size() == 1;
    }
  }

  /** A learned vector for each step, added to it: weights {@code embeddings [steps, channels]}. */
  record PositionalEmbedding() implements AttentionLayer {
    @Override
    public String kind() {
      return "positional-embedding";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return Shapes.sequence(kind(), inputs.get(0));
    }
  }

  /**
   * Sines and cosines of each step's number, added to it (arXiv 1706.03762): for channel {@code c}
   * the sine of {@code step / 10000^(2⌊c/2⌋/channels)} if {@code c} is even, the cosine otherwise.
   */
  record SinusoidalPositions() implements AttentionLayer {
    @Override
    public String kind() {
      return "sinusoidal-positions";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return Shapes.sequence(kind(), inputs.get(0));
    }
  }
}
