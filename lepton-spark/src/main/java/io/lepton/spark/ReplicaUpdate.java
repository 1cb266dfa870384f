package io.lepton.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.tf.MetricSums;
import java.io.Serializable;
import java.util.Map;

/** What a replica sends back: what it saw and how its variables moved. */
final class ReplicaUpdate {
  private final Outcome outcome;
  private final FlatVector delta;

  /**
   * What a replica saw.
   *
   * @param sums over the batches it trained on or evaluated
   * @param copied bytes by reason
   * @param finite whether losses and deltas all are
   * @param chunksLent to the session, beside those that it kept from a task before
   * @param executor it ran on
   * @param fetchSeconds waiting for the parameters
   * @param computeSeconds everything else
   */
  record Outcome(
      MetricSums sums,
      boolean finite,
      Map<CopyLedger.Reason, Long> copied,
      long chunksLent,
      String executor,
      double fetchSeconds,
      double computeSeconds)
      implements Serializable {}

  ReplicaUpdate(Outcome outcome, FlatVector delta) {
    this.outcome = outcome;
    this.delta = delta;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Of all variables; null if no step was taken. */
  FlatVector delta() {
    return delta;
  }

  /** As {@code outcome, delta or null}. */
  static final class KryoSerializer extends Serializer<ReplicaUpdate> {
    @Override
    public void write(Kryo kryo, Output output, ReplicaUpdate update) {
      kryo.writeClassAndObject(output, update.outcome);
      kryo.writeObjectOrNull(output, update.delta, FlatVector.class);
    }

    @Override
    public ReplicaUpdate read(Kryo kryo, Input input, Class<ReplicaUpdate> type) {
      Outcome outcome = (Outcome) kryo.readClassAndObject(input);
      return new ReplicaUpdate(outcome, kryo.readObjectOrNull(input, FlatVector.class));
    }
  }
}
