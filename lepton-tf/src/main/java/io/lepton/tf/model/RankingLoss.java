package io.lepton.tf.model;

import java.util.List;

/** Of what should be near or rank high. */
public sealed interface RankingLoss extends Loss {

  @Override
  default List<String> means() {
    return List.of("accuracy");
  }

  @Override
  default int classes() {
    return 0;
  }

  /**
   * Of two vectors {@code [2, d]} at a distance {@code D}, with a label 1 if they are of the same
   * kind, else 0: {@code D²} of the same, {@code max(0, margin − D)²} of others (Hadsell et al.,
   * 2006). It is right where {@code D < margin/2} tells the label.
   */
  record Contrastive(double margin) implements RankingLoss {
    public Contrastive {
      ClassLoss.requirePositive("margin", margin);
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(List.of(2, ANY));
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public String title() {
      return "contrastive";
    }
  }

  /**
   * Of three vectors {@code [3, d]}, an anchor, one like it and another: {@code max(0, D²(anchor,
   * like) − D²(anchor, other) + margin)} (Schroff et al., 2015). The label is not looked at. It is
   * right where the like one is nearer.
   */
  record Triplet(double margin) implements RankingLoss {
    public Triplet {
      ClassLoss.requirePositive("margin", margin);
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(List.of(3, ANY));
    }

    @Override
    public String title() {
      return "triplet";
    }
  }

  /**
   * Bayesian personalised ranking (Rendle et al., 2009) of scores {@code [1 + negatives]}, first
   * that of the item taken: the mean of {@code −log σ(score − other score)}. The label is not
   * looked at. Accuracy is the share of the others that score less.
   */
  record Bpr() implements RankingLoss {
    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(List.of(ANY));
    }

    @Override
    public boolean takes(List<Integer> output, List<Integer> label) {
      return RankingLoss.super.takes(output, label) && output.get(0) > 1;
    }

    @Override
    public String title() {
      return "BPR";
    }
  }

  /**
   * Softmax over the items of a batch: of vectors {@code [2, d]} of a user and of the item taken,
   * cross entropy of the products of the user with the items of all examples of the batch, divided
   * by {@code temperature}. The label is the id of the item, one integer: an example whose item is
   * the same one is no negative. Accuracy is the share of examples whose own item scores highest.
   *
   * <p>How often an item is sampled is not corrected for, so that popular ones are pushed down.
   */
  record InBatchSoftmax(double temperature) implements RankingLoss {
    public InBatchSoftmax {
      ClassLoss.requirePositive("temperature", temperature);
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(List.of(2, ANY));
    }

    @Override
    public String title() {
      return "in-batch softmax";
    }
  }
}
