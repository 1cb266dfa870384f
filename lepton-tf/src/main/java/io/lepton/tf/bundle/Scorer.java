package io.lepton.tf.bundle;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.ServingSession;
import io.lepton.tf.SessionOptions;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * A model of a bundle, loaded to score: one native session, whatever the number of threads that
 * call. Every call computes in the thread that makes it.
 *
 * <p>Rows are given to the session some at a time. How a processor sums may depend on how many, so
 * in deterministic mode these are always the same number, which the bundle decides, and the last
 * ones are filled up: a row's scores then are the same bits in whatever company it is scored.
 */
public final class Scorer implements AutoCloseable {
  // A multiple of 64 rows of any width starts on a 64-byte boundary.
  private static final int FEWEST_ROWS = 64;
  private static final int MOST_ROWS = 1024;
  private static final int BYTES_AT_ONCE = 64 << 10;
  private static final int BYTES_TO_FILL_UP = 32 << 10;
  private static final int OUTPUT_BYTES = 16 << 20;

  private final Bundle bundle;
  private final boolean fixed;
  private final int rowsAtOnce;
  private final ServingSession session;
  private final BufferAllocator memory;
  private final CopyLedger ledger = new CopyLedger();

  /** Takes what was computed of some rows: views that are valid during the call only. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads.
     *
     * @param first of the rows, counted over the call
     * @param rows how many
     * @param outputs in the order of {@link Bundle#outputs}, each of at least so many examples
     */
    void read(int first, int rows, List<FloatBuffer> outputs);
  }

  /**
   * Loads a model.
   *
   * @throws BundleException if TensorFlow refuses what is in the bundle
   */
  public Scorer(Bundle bundle, SessionOptions options) throws BundleException {
    this.bundle = bundle;
    this.fixed = options.compute().deterministic();
    this.rowsAtOnce =
        rowsAtOnce(
            bundle.inputs().stream().mapToLong(ColumnSpec::bytesPerExample).sum(),
            bundle.outputs().stream().mapToLong(it -> (long) Float.BYTES * it.width()).sum(),
            fixed);
    this.session = load(bundle, options);
    this.memory = AlignedMemory.root(Long.MAX_VALUE);
  }

  /**
   * Opens, checks and loads a bundle; operations have one thread.
   *
   * @throws BundleException if it cannot be trusted
   * @throws IOException if it cannot be read
   */
  public static Scorer open(Path directory) throws IOException {
    return new Scorer(Bundle.open(directory), SessionOptions.SINGLE_THREAD);
  }

  /** What was loaded. */
  public Bundle bundle() {
    return bundle;
  }

  /** Rows of a run. */
  public int rowsAtOnce() {
    return rowsAtOnce;
  }

  /** Bytes that TensorFlow would not take where they lie. */
  public CopyLedger ledger() {
    return ledger;
  }

  /**
   * Scores rows of the only input.
   *
   * @param rows each of as many numbers as an example has, row-major
   * @throws IllegalArgumentException if they do not fit the model
   */
  public Scores score(float[][] rows) {
    if (bundle.inputs().size() != 1) {
      throw new IllegalArgumentException(
          "a model of one input takes rows alone, but this one has inputs %s; give arrays by name"
              .formatted(bundle.inputs().stream().map(ColumnSpec::name).toList()));
    }
    return score(Map.of(bundle.inputs().get(0).name(), rows));
  }

  /**
   * Scores arrays by the name of the input.
   *
   * @param arrays of the input's element type ({@code byte} for uint8, {@code boolean} for bool):
   *     one for each row, or a single one of all rows, row-major
   * @throws IllegalArgumentException if they do not fit the model, naming input, rule and value
   */
  public Scores score(Map<String, ?> arrays) {
    int rows = ArrayColumns.rows(bundle, arrays);
    try (ArrayColumns columns = new ArrayColumns(bundle, arrays, rows, memory)) {
      return collect(columns.data(), rows);
    }
  }

  /**
   * Scores an Arrow batch. A vector with an input's name and layout is lent as it is, if it starts
   * on a 64-byte boundary; else numbers are put together from vectors with the names of the columns
   * the model was trained on.
   *
   * @throws IllegalArgumentException if it does not fit the model, naming input, rule and value
   */
  public Scores score(VectorSchemaRoot batch) {
    try (ArrowColumns columns = new ArrowColumns(bundle, batch, memory)) {
      return collect(columns.data(), batch.getRowCount());
    }
  }

  /**
   * Scores rows where they lie.
   *
   * @param columns in the order of {@link Bundle#inputs}, each starting on a 64-byte boundary, else
   *     it is copied and the ledger counts it; the caller's, lent for the call
   * @throws IllegalStateException if this is closed
   */
  public void score(List<ArrowBuf> columns, int rows, Reader reader) {
    for (int first = 0; first < rows; first += rowsAtOnce) {
      int count = Math.min(rowsAtOnce, rows - first);
      if (fixed && count < rowsAtOnce) {
        scoreFilledUp(columns, first, count, reader);
      } else {
        run(columns, first, count, count, first, reader);
      }
    }
  }

  /** Waits for the calls under way and frees everything. Idempotent. */
  @Override
  public void close() {
    session.close();
    memory.close();
  }

  /** Rows of a run, by the bytes of an example's inputs and outputs. */
  static int rowsAtOnce(long input, long output, boolean fixed) {
    long rows = (fixed ? BYTES_TO_FILL_UP : BYTES_AT_ONCE) / input;
    long fitting = Math.min(rows, OUTPUT_BYTES / output) & -FEWEST_ROWS;
    return (int) Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, fitting));
  }

  private Scores collect(List<ArrowBuf> columns, int rows) {
    Scores scores = new Scores(bundle.outputs(), rows);
    score(columns, rows, scores::take);
    return scores;
  }

  private void scoreFilledUp(List<ArrowBuf> columns, int first, int count, Reader reader) {
    List<ArrowBuf> filled = new ArrayList<>();
    try {
      for (int i = 0; i < columns.size(); i++) {
        long row = bundle.inputs().get(i).bytesPerExample();
        ArrowBuf copy = memory.buffer(AlignedMemory.roundUp(row * rowsAtOnce));
        filled.add(copy);
        copy.setBytes(0, columns.get(i), first * row, count * row);
        copy.setZero(count * row, (rowsAtOnce - count) * row);
      }
      run(filled, 0, rowsAtOnce, count, first, reader);
    } finally {
      filled.forEach(ArrowBuf::close);
    }
  }

  /** Runs rows from one on; the reader is told where the first of them stands in the call. */
  private void run(
      List<ArrowBuf> columns, int from, int rows, int wanted, int first, Reader reader) {
    List<TensorLease> leases = new ArrayList<>(columns.size());
    try {
      for (int i = 0; i < columns.size(); i++) {
        ColumnSpec column = bundle.inputs().get(i);
        leases.add(
            TensorLease.lend(
                columns.get(i),
                (long) from * column.bytesPerExample(),
                column.type(),
                column.tensorShape(rows),
                ledger));
      }
      session.run(leases, outputs -> reader.read(first, wanted, outputs));
    } finally {
      leases.forEach(TensorLease::close);
    }
  }

  private static ServingSession load(Bundle bundle, SessionOptions options) throws BundleException {
    ServedGraph graph = bundle.graph();
    ServingSession session = null;
    try {
      session =
          new ServingSession(
              graph.reading(bundle.directory().resolve(Bundle.VARIABLES)),
              graph.feeds(),
              graph.outputs().stream().map(ModelOutput::tensor).toList(),
              options);
      if (!graph.restore().isEmpty()) {
        session.run(graph.restore());
      }
      return session;
    } catch (TensorFlowException | IllegalArgumentException e) {
      if (session != null) {
        session.close();
      }
      throw new BundleException(
          "bundle %s: TensorFlow must be able to load its model, but: %s"
              .formatted(bundle.directory(), e.getMessage()),
          e);
    }
  }
}
