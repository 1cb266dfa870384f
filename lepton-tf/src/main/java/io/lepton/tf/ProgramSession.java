package io.lepton.tf;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a TensorFlow session of its own: variables, one loaded chunk, steps on it.
 *
 * <p>Runs in the caller's thread; one thread at a time. Memory given to {@link #assign} and {@link
 * #load} is lent, not copied: its owner may free its own claim at once, but the bytes must not
 * change until the session has replaced them or is closed.
 */
public final class ProgramSession implements AutoCloseable {
  private final TrainingProgram program;
  private final CopyLedger ledger = new CopyLedger();
  private final NativeSession session;
  private final PreparedRun assign;
  private final PreparedRun read;
  private final PreparedRun load;
  private final PreparedRun train;
  private final PreparedRun evaluate;

  /**
   * Imports the program's graph.
   *
   * @throws RuntimeException one of {@code org.tensorflow.exceptions}, if TensorFlow refuses the
   *     graph
   */
  public ProgramSession(TrainingProgram program, SessionOptions options) {
    this.program = program;
    this.session = new NativeSession(program.graphDef(), options.toConfigProto());
    List<String> variableFeeds = program.variables().stream().map(Variable::feed).toList();
    List<String> variableReads = program.variables().stream().map(Variable::read).toList();
    this.assign = new PreparedRun(session, variableFeeds, List.of(), List.of(program.assignOp()));
    this.read = new PreparedRun(session, List.of(), variableReads, List.of());
    List<String> chunkFeeds = new ArrayList<>(program.columnFeeds());
    chunkFeeds.add(program.firstExample());
    this.load = new PreparedRun(session, chunkFeeds, List.of(), List.of(program.loadOp()));
    this.train =
        new PreparedRun(
            session,
            List.of(program.indices(), program.step(), program.seed(), program.learningRate()),
            List.of(program.trainSummary()),
            List.of(program.trainOp()));
    this.evaluate =
        new PreparedRun(
            session, List.of(program.indices()), List.of(program.evaluateSummary()), List.of());
  }

  public TrainingProgram program() {
    return program;
  }

  /** What TensorFlow would not take in place, over the life of the session. */
  public CopyLedger ledger() {
    return ledger;
  }

  /** Makes all variables, optimizer state included, the parts of a vector; lends the vector. */
  public void assign(FlatVector parameters) {
    requireSize(parameters);
    List<TensorLease> leases = new ArrayList<>();
    try {
      for (Variable variable : program.variables()) {
        TensorLease lease = parameters.lend(variable.offset(), variable.dimensions(), ledger);
        assign.feed(leases.size(), lease.tensor());
        leases.add(lease);
      }
      assign.run();
    } finally {
      leases.forEach(TensorLease::close);
    }
  }

  /** Writes all variables into a vector; padding is left as it is. */
  public void read(FlatVector into) {
    requireSize(into);
    readEach((variable, values) -> into.floats().position((int) variable.offset()).put(values));
  }

  /** Writes {@code variables − start} into a vector; padding is left as it is. */
  public void readDelta(FlatVector start, FlatVector into) {
    requireSize(start);
    requireSize(into);
    FloatBuffer from = start.floats();
    FloatBuffer to = into.floats();
    readEach(
        (variable, values) -> {
          int offset = (int) variable.offset();
          for (int i = 0; i < values.limit(); i++) {
            to.put(offset + i, values.get(i) - from.get(offset + i));
          }
        });
  }

  /**
   * Makes a chunk the one that steps refer to; lends it.
   *
   * @param firstExample number of its first row in the data set
   */
  public void load(MappedShard.Chunk chunk, long firstExample) {
    load((column, spec) -> chunk.lend(column, ledger), firstExample);
  }

  /** Gives the loaded chunk back. */
  public void unload() {
    load((column, spec) -> TensorLease.empty(spec.type(), spec.tensorShape(0)), 0);
  }

  /**
   * Takes the steps of a plan on the loaded chunk.
   *
   * @param rate learning rate of all of them
   * @param sums to add the summary of each batch to, as it was before its update
   */
  public void train(StepPlan plan, float rate, MetricSums sums) {
    try (TensorLease lent = lendRate(rate)) {
      train.feed(3, lent.tensor());
      for (int step = 0; step < plan.steps(); step++) {
        try (TensorLease rows = plan.lendRows(step, ledger);
            TensorLease number = plan.lendStep(step, ledger);
            TensorLease seed = plan.lendSeed(step, ledger)) {
          train.feed(0, rows.tensor());
          train.feed(1, number.tensor());
          train.feed(2, seed.tensor());
          train.run();
          int batch = plan.batch(step);
          train.take(0, summary -> sums.add(summary, batch));
        }
      }
    }
  }

  /** Evaluates the batches of a plan on the loaded chunk; changes nothing. */
  public void evaluate(StepPlan plan, MetricSums sums) {
    for (int step = 0; step < plan.steps(); step++) {
      try (TensorLease rows = plan.lendRows(step, ledger)) {
        evaluate.feed(0, rows.tensor());
        evaluate.run();
        int batch = plan.batch(step);
        evaluate.take(0, summary -> sums.add(summary, batch));
      }
    }
  }

  /** Deletes the session; what it was lent goes back. Idempotent. */
  @Override
  public void close() {
    for (PreparedRun run : List.of(assign, read, load, train, evaluate)) {
      run.close();
    }
    session.close();
  }

  private void requireSize(FlatVector parameters) {
    if (parameters.size() != program.vectorSize()) {
      throw new IllegalArgumentException(
          "a vector of parameters must have %d elements, but had: %d"
              .formatted(program.vectorSize(), parameters.size()));
    }
  }

  private TensorLease lendRate(float rate) {
    FlatVector value = FlatVector.allocate(1);
    value.set(0, rate);
    return value.lend(0, new long[0], ledger);
  }

  private interface ColumnLender {
    TensorLease lend(int column, ColumnSpec spec);
  }

  private void load(ColumnLender lender, long firstExample) {
    List<TensorLease> leases = new ArrayList<>();
    try (LongScalar first = new LongScalar(firstExample)) {
      for (int column = 0; column < program.columns().size(); column++) {
        TensorLease lease = lender.lend(column, program.columns().get(column));
        load.feed(column, lease.tensor());
        leases.add(lease);
      }
      load.feed(leases.size(), first.tensor());
      load.run();
    } finally {
      leases.forEach(TensorLease::close);
    }
  }

  private interface VariableReader {
    void read(Variable variable, FloatBuffer values);
  }

  private void readEach(VariableReader reader) {
    read.run();
    for (int i = 0; i < program.variables().size(); i++) {
      Variable variable = program.variables().get(i);
      read.take(i, values -> reader.read(variable, values));
    }
  }
}
