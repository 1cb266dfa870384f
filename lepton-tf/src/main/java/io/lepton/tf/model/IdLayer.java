package io.lepton.tf.model;

import java.util.List;

/**
 * A layer over integer ids. Its input is a model's input, stored as uint8, int32 or int64 and
 * without transforms: floats would not tell large ids apart.
 */
public sealed interface IdLayer extends Layer {
  @Override
  default boolean takesIds(int input) {
    return true;
  }

  /**
   * A learned vector for each id: {@code [..]} to {@code [.., outputDim]}; weights {@code
   * [inputSize, outputDim]}, at first uniform in ±0.05.
   *
   * <p>Ids are 0 to {@code inputSize − 1}. On a CPU another one ends the step with TensorFlow's
   * "indices[…] = … is not in [0, inputSize)"; on a GPU it gives zeros.
   */
  record Embedding(int inputSize, int outputDim) implements IdLayer {
    public Embedding {
      Shapes.requirePositive("input-size", inputSize);
      Shapes.requirePositive("output-dim", outputDim);
    }

    @Override
    public String kind() {
      return "embedding";
    }

    @Override
    public List<String> weightNames() {
      return List.of("embeddings");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return Shapes.append(inputs.get(0), outputDim);
    }
  }

  /** 1.0 where an id is another one than {@code value}, else 0.0: a mask of what is not padding. */
  record NotEqual(int value) implements IdLayer {
    @Override
    public String kind() {
      return "not-equal";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return inputs.get(0);
    }
  }
}
