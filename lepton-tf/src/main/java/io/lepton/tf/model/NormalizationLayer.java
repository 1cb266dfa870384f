package io.lepton.tf.model;

import java.util.List;

/**
 * A layer that brings values to mean 0 and variance 1, then scales them by a learned {@code gamma}
 * and shifts them by a learned {@code beta}, both {@code [channels]}, where it has these.
 */
public sealed interface NormalizationLayer extends Layer {
  /** Added to variances before the root is taken. */
  double epsilon();

  /** Whether there is a beta. */
  boolean center();

  /** Whether there is a gamma. */
  boolean scale();

  @Override
  default List<String> weightNames() {
    return List.of("gamma", "beta");
  }

  /**
   * Statistics of each channel, the last dimension, over a batch (Ioffe and Szegedy, ICML 2015).
   *
   * <p>Training uses those of the batch, every example counting once whatever its weight, and moves
   * the state {@code moving_mean} and {@code moving_variance} by {@code moving·momentum +
   * batch·(1−momentum)}, the variance being that of the batch itself, divided by its size. All else
   * uses the state, and so does training where {@code moving_mean} is frozen.
   */
  record BatchNormalization(double momentum, double epsilon, boolean center, boolean scale)
      implements NormalizationLayer {
    public BatchNormalization {
      if (!(momentum >= 0 && momentum <= 1)) {
        throw new IllegalArgumentException("momentum must be in [0, 1], but was: " + momentum);
      }
      Numbers.requirePositive("epsilon", epsilon);
    }

    @Override
    public String kind() {
      return "batch-normalization";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return channelled(kind(), inputs.get(0));
    }
  }

  /**
   * Statistics of each group of neighbouring channels in each example (Wu and He, ECCV 2018); the
   * same in training and outside it.
   */
  record GroupNormalization(int groups, double epsilon, boolean center, boolean scale)
      implements NormalizationLayer {
    public GroupNormalization {
      Shapes.requirePositive("groups", groups);
      Numbers.requirePositive("epsilon", epsilon);
    }

    @Override
    public String kind() {
      return "group-normalization";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = channelled(kind(), inputs.get(0));
      if (Shapes.last(input) % groups != 0) {
        throw new IllegalArgumentException(
            "%s takes an input whose channels are a multiple of groups, but was given %s for %d; choose groups that divide them"
                .formatted(kind(), input, groups));
      }
      return input;
    }
  }

  /** Statistics of all channels at each position of each example (arXiv 1607.06450). */
  record LayerNormalization(double epsilon, boolean center, boolean scale)
      implements NormalizationLayer {
    public LayerNormalization {
      Numbers.requirePositive("epsilon", epsilon);
    }

    @Override
    public String kind() {
      return "layer-normalization";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return channelled(kind(), inputs.get(0));
    }
  }

  private static List<Integer> channelled(String kind, List<Integer> input) {
    if (input.isEmpty()) {
      throw new IllegalArgumentException(
          "%s takes an input of shape [.., channels], but was given []; give the input column such a shape"
              .formatted(kind));
    }
    return input;
  }
}
