package io.lepton.spark;

/** Training ran away: a loss that is no finite number any more. */
public final class DivergenceException extends RuntimeException {
  DivergenceException(int replica, RoundInput input, double loss) {
    super(
        "the loss must stay finite, but replica %d had %s in epoch %d between steps %d and %d; lower"
                .formatted(replica, loss, input.epoch() + 1, input.from(), input.to())
            + " the learning rate, which was "
            + input.learningRate());
  }
}
