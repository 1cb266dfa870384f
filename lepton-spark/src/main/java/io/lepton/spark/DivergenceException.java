package io.lepton.spark;

import io.lepton.spark.averaging.Spike;

/** Training ran away: a loss or a weight that is no finite number any more. */
public final class DivergenceException extends RuntimeException {
  DivergenceException(int replica, RoundInput input, ReplicaUpdate.Outcome outcome) {
    super(
        "the loss must stay finite, but replica %d had %s in epoch %d between steps %d and %d; "
                .formatted(
                    replica,
                    Double.isFinite(outcome.sums().loss())
                        ? "weights that are not"
                        : String.valueOf(outcome.sums().loss()),
                    input.epoch() + 1,
                    input.from(),
                    input.to())
            + "lower the learning rate, which was "
            + input.rates().at(input.baseStep() + input.from()));
  }

  DivergenceException(Spike spike, int rollbacks, double learningRate) {
    super(
        "the loss must not run away, but %s after %d rollbacks; lower the learning rate, which was %s"
            .formatted(spike.reason(), rollbacks, learningRate));
  }

  DivergenceException(int epoch, double validationLoss, double learningRate) {
    super(
        "the validation loss must stay finite, but was %s after epoch %d; lower the learning rate,"
                .formatted(validationLoss, epoch)
            + " which was "
            + learningRate);
  }
}
