package io.lepton.spark;

import io.lepton.spark.averaging.Averaging.OptimizerState;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.TrainingProgram;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * All that a task of a round depends on beside its shards and its replica's number.
 *
 * @param fingerprint of the program
 * @param parameters to start from
 * @param round from 1, over the whole training
 * @param form in which deltas are sent
 * @param optimizerState what becomes of it between rounds
 * @param memory what replicas kept from rounds before
 * @param epoch from 0
 * @param from first step of the epoch to take
 * @param to end of the steps to take, exclusive; a replica with fewer takes what it has
 * @param baseStep steps of all epochs before this one
 */
record RoundInput(
    Broadcast<TrainingProgram> program,
    String fingerprint,
    SharedVector parameters,
    int round,
    DeltaForm form,
    OptimizerState optimizerState,
    RoundMemory memory,
    long seed,
    int epoch,
    int batchSize,
    long from,
    long to,
    long baseStep,
    LearningRates rates,
    ComputeOptions compute)
    implements Serializable {}
