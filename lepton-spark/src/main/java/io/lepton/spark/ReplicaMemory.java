package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.exchange.SliceStream;
import java.nio.ByteBuffer;
import org.apache.spark.TaskContext;

/**
 * What a replica keeps between two rounds: what the codec lost of its deltas, the state of its
 * optimizer, and the step that state began with, one after the other in one vector. One thread.
 */
final class ReplicaMemory {
  private final KeptShape shape;
  private final FlatVector vector;
  private final boolean begins;
  private final boolean lost;

  private ReplicaMemory(KeptShape shape, FlatVector vector, boolean begins, boolean lost) {
    this.shape = shape;
    this.vector = vector;
    this.begins = begins;
    this.lost = lost;
  }

  /** That of a replica before a round, fetched from wherever it ran before. */
  static ReplicaMemory of(RoundMemory round, int replica) {
    Address address = round.kept().get(replica);
    if (address == null || round.lost().contains(replica)) {
      return begin(round.shape(), address != null);
    }
    FlatVector vector = FlatVector.allocate(round.shape().size());
    try {
      SliceStream.read(address, vector);
    } catch (FetchException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return begin(round.shape(), true);
    }
    return new ReplicaMemory(round.shape(), vector, false, false);
  }

  private static ReplicaMemory begin(KeptShape shape, boolean lost) {
    return new ReplicaMemory(shape, FlatVector.allocate(shape.size()), true, lost);
  }

  /** Whether there should have been more to begin with. */
  boolean lost() {
    return lost;
  }

  /** Whether there is nothing yet. */
  boolean begins() {
    return begins;
  }

  /** Whether the optimizer's state goes on from {@link #state}. */
  boolean goesOn() {
    return !begins && shape.state() > 0;
  }

  /** State of the optimizer. */
  FlatVector state() {
    return vector.part(shape.residual(), shape.state());
  }

  /** What the codec lost so far; null without feedback. */
  FlatVector residual() {
    return shape.residual() == 0 ? null : vector.part(0, shape.residual());
  }

  /** The step of the training that the state began with. */
  long began() {
    return beganIn(vector).getLong(0);
  }

  /** One to write to for the round after, with this residual. */
  ReplicaMemory next(long began) {
    ReplicaMemory next = begin(shape, lost);
    if (shape.residual() > 0) {
      next.residual().put(residual());
    }
    beganIn(next.vector).putLong(0, began);
    return next;
  }

  /** Publishes it for the next round, in the scope of this one's memory; null if it is nothing. */
  Address publish(SharedVector parameters, TaskContext context, RoundMemory round, int replica) {
    return shape.isNothing()
        ? null
        : parameters.answer(
            context,
            round.scope(),
            RoundMemory.FIELD + replica,
            Publisher.cut(vector, Publisher.SLICE),
            null);
  }

  private ByteBuffer beganIn(FlatVector memory) {
    return memory.bytes(shape.residual() + shape.state(), Long.BYTES / Float.BYTES);
  }
}
