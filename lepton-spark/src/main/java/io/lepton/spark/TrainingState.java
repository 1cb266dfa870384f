package io.lepton.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.averaging.SpikeWatch;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.checkpoint.CheckpointException;
import io.lepton.tf.MetricSums;
import io.lepton.tf.Precision;
import java.util.List;

/**
 * Where a training stands between two rounds, its vectors aside. The order of examples and all that
 * is random follow from the position, the state of schedules, plateau and early stopping from the
 * epochs.
 *
 * @param program fingerprint of what is trained
 * @param data fingerprint of what it is trained on
 * @param precision of the rounds
 * @param replicas of the training; 0 in states that do not tell
 * @param epoch of the next round, from 0
 * @param step of the epoch that comes next
 * @param rounds so far
 * @param examples so far
 * @param epochExamples so far in this epoch
 * @param epochSums of loss, weight and metrics so far in this epoch
 * @param spikes what is known of losses that ran away
 * @param epochs that ended, in order
 */
record TrainingState(
    String program,
    String data,
    Precision precision,
    int replicas,
    int epoch,
    long step,
    int rounds,
    long examples,
    long epochExamples,
    List<Double> epochSums,
    SpikeWatch.State spikes,
    List<EpochReport> epochs) {
  static final String DOCUMENT = "state.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  TrainingState {
    epochSums = List.copyOf(epochSums);
    epochs = List.copyOf(epochs);
  }

  /** Where it stands at the beginning. */
  static TrainingState start(String program, String data, Precision precision, int replicas) {
    return new TrainingState(
        program,
        data,
        precision,
        replicas,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        SpikeWatch.State.START,
        List.of());
  }

  /** Where it stands, some rounds into an epoch. */
  TrainingState at(RoundLoop loop, int epoch, long step, MetricSums sums, List<EpochReport> done) {
    return new TrainingState(
        program,
        data,
        precision,
        replicas,
        epoch,
        step,
        loop.rounds(),
        loop.examples(),
        sums.examples(),
        sums.sums(),
        loop.knobs().spikes().state(),
        done);
  }

  /**
   * The state in a checkpoint.
   *
   * @throws CheckpointException if it is of another program or other data
   */
  static TrainingState of(Checkpoint checkpoint, String program, String data) {
    TrainingState state = read(checkpoint);
    if (!state.program.equals(program)) {
      throw new CheckpointException(
          "%s must be of the program that is to be trained, but is of another model; set another checkpoints.directory"
              .formatted(checkpoint.name()));
    }
    if (!state.data.equals(data)) {
      throw new CheckpointException(
          "%s must be of the data that is to be trained on, but that has changed: it was %s and is %s; bring the data back, or set another checkpoints.directory"
              .formatted(checkpoint.name(), state.data, data));
    }
    return state;
  }

  static TrainingState read(Checkpoint checkpoint) {
    try {
      return JSON.readValue(checkpoint.document(DOCUMENT), TrainingState.class);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s has a state that this version of Lepton does not know: %s; set another checkpoints.directory"
              .formatted(checkpoint.name(), e.getOriginalMessage()));
    }
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state is plain values", e);
    }
  }
}
