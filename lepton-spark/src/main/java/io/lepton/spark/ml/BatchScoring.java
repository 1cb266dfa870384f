package io.lepton.spark.ml;

import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.TaskGpu;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.ExampleDecoder;
import io.lepton.tf.Processor;
import io.lepton.tf.SessionOptions;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Decodes rows of a task into memory that is lent to the model of this process, and keeps what it
 * gives as columns. Reasons alone need no model. Frees all when the task ends. One thread.
 */
final class BatchScoring {
  private final ScoringTask task;
  private final TaskContext context;
  private final Optional<LoadedModels.Loan> loan;
  private final ExampleDecoder decoder;
  private final List<ArrowBuf> inputs;
  private final BitSet undefined = new BitSet();
  private List<ScoreVector> vectors = List.of();
  private int capacity;

  BatchScoring(ScoringTask task, TaskContext context, int partition, int[] ordinals) {
    this.task = task;
    this.context = context;
    if (!Processor.supports(task.compute().precision())) {
      throw new IllegalStateException(
          "precision must be one this machine computes in, but was: %s; score in float32"
              .formatted(task.compute().precision().word()));
    }
    loan = task.scores() ? Optional.of(borrow()) : Optional.empty();
    try {
      decoder =
          new ExampleDecoder(
              task.binding(),
              ordinals,
              task.rowsAtOnce(loan.map(it -> it.scorer().rowsAtOnce()).orElse(1)),
              partition);
    } catch (RuntimeException e) {
      loan.ifPresent(LoadedModels.Loan::close);
      throw e;
    }
    TaskCompletionListener closing = ended -> close();
    context.addTaskCompletionListener(closing);
    List<String> names = task.binding().columns().stream().map(ColumnSpec::name).toList();
    List<ArrowBuf> data = decoder.data();
    inputs =
        loan.map(it -> it.scorer().bundle().inputs()).orElse(List.of()).stream()
            .map(input -> data.get(names.indexOf(input.name())))
            .toList();
  }

  /** The scores of the last batch. */
  ColumnVector[] vectors() {
    return vectors.stream().map(ScoreVector::vector).toArray(ColumnVector[]::new);
  }

  /** Scores a batch whole. */
  void score(ColumnarBatch batch) {
    reserve(batch.numRows());
    for (int from = 0; from < batch.numRows(); from += decoder.rows()) {
      decoder.clear();
      decoder.decode(batch, from, Math.min(decoder.room(), batch.numRows() - from));
      scoreDecoded(from);
    }
  }

  /** Begins a batch of rows. */
  void begin() {
    decoder.clear();
  }

  boolean hasRoom() {
    return decoder.room() > 0;
  }

  void add(InternalRow row) {
    decoder.decode(row);
  }

  /** Scores the rows that were added. */
  void scoreAdded() {
    reserve(decoder.rows());
    scoreDecoded(0);
  }

  private void reserve(int rows) {
    context.killTaskIfInterrupted();
    if (rows > capacity) {
      capacity = Math.max(rows, (int) Math.min(task.mostRows(), 2L * rows));
      vectors = task.columns().stream().map(column -> new ScoreVector(column, capacity)).toList();
    }
    vectors.forEach(ScoreVector::clear);
    undefined.clear();
  }

  private void scoreDecoded(int offset) {
    if (!task.keepsInvalid() && !decoder.defects().isEmpty()) {
      throw DataException.ofScoring(decoder.defects());
    }
    loan.ifPresent(
        it ->
            it.scorer()
                .score(
                    inputs,
                    decoder.rows(),
                    (first, rows, outputs) -> take(offset + first, rows, outputs)));
    for (int row = 0; row < decoder.rows(); row++) {
      int at = offset + row;
      String refusal = refusal(row, at);
      if (refusal != null) {
        vectors.forEach(vector -> vector.refuse(at, refusal));
      }
    }
  }

  /** Why a row has no scores; null if it has. */
  private String refusal(int row, int at) {
    String refusal = decoder.refusal(row);
    return refusal == null && undefined.get(at) ? LeptonModel.UNDEFINED : refusal;
  }

  private void take(int row, int rows, List<FloatBuffer> outputs) {
    for (int i = 0; i < vectors.size(); i++) {
      ScoreVector vector = vectors.get(i);
      vector.write(row, rows, outputs.get(task.columns().get(i).source()));
      if (task.keepsInvalid()) {
        vector.findUndefined(row, rows, undefined);
      }
    }
  }

  private LoadedModels.Loan borrow() {
    SessionOptions options =
        new SessionOptions(context.cpus(), TaskGpu.of(context.resourcesJMap()), task.compute());
    LoadedModels.Loan borrowed = LoadedModels.shared().borrow(task.source(), options);
    if (task.waits() != null) {
      String executor = SparkEnv.get().executorId();
      String version = task.source().sha256();
      borrowed
          .waited()
          .map(it -> new ModelWait(executor, version, it.loaded(), it.seconds()))
          .ifPresent(task.waits()::add);
    }
    return borrowed;
  }

  private void close() {
    decoder.close();
    loan.ifPresent(LoadedModels.Loan::close);
  }
}
