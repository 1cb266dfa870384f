package io.lepton.tf;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.tensorflow.proto.GraphDef;

/**
 * A program in a TensorFlow session of its own: variables, a chunk in each slot, steps on them.
 *
 * <p>Runs in the caller's thread; one thread at a time, except that another may {@link #stage}
 * beside steps and evaluation. Memory given to {@link #assign}, {@link #load(List)} and {@link
 * #stage} is lent, not copied: its owner may free its own claim at once, but the bytes must not
 * change until the session has replaced them or is closed.
 */
public final class ProgramSession implements AutoCloseable {
  private static final long[] SCALAR = {};

  private final TrainingProgram program;
  private final CopyLedger ledger = new CopyLedger();
  private final NativeSession session;
  private final PreparedRun assign;
  private final PreparedRun read;
  private final SessionWindows windows;
  private final PreparedRun train;
  private final PreparedRun evaluate;

  /**
   * Imports the program's graph; all slots are empty.
   *
   * @throws RuntimeException one of {@code org.tensorflow.exceptions}, if TensorFlow refuses the
   *     graph
   */
  public ProgramSession(TrainingProgram program, SessionOptions options) {
    this.program = program;
    this.session = new NativeSession(program.graphDef(), options);
    List<String> variableFeeds = program.variables().stream().map(Variable::feed).toList();
    List<String> variableReads = program.variables().stream().map(Variable::read).toList();
    this.assign = new PreparedRun(session, variableFeeds, List.of(), List.of(program.assignOp()));
    this.read = new PreparedRun(session, List.of(), variableReads, List.of());
    this.windows = new SessionWindows(session, program, options.locksPages(), ledger);
    List<String> batch =
        Stream.of(program.indices(), program.counts()).filter(Objects::nonNull).toList();
    List<String> scalars = List.of(program.step(), program.seed(), program.learningRate());
    this.train =
        new PreparedRun(
            session,
            Stream.concat(scalars.stream(), batch.stream()).toList(),
            List.of(program.trainSummary()),
            List.of(program.trainOp()));
    this.evaluate = new PreparedRun(session, batch, List.of(program.evaluateSummary()), List.of());
    unload();
  }

  /** How often graphs were run in this process so far: once a step, and to assign, load or read. */
  public static long runs() {
    return PreparedRun.runs();
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
    assign(parameters, parameters.part(parameters.size(), 0));
  }

  /**
   * The same, but the last of the variables the parts of another vector; lends both.
   *
   * @param last as {@link #readLast} gave it, elements of whole variables from one on
   */
  public void assign(FlatVector parameters, FlatVector last) {
    requireSize(parameters);
    long from = parameters.size() - last.size();
    List<TensorLease> leases = new ArrayList<>();
    try {
      for (Variable variable : program.variables()) {
        TensorLease lease =
            variable.offset() < from
                ? parameters.lend(variable.offset(), variable.dimensions(), ledger)
                : last.lend(variable.offset() - from, variable.dimensions(), ledger);
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
    readEach((variable, from, values) -> into.put(variable.offset() + from, values));
  }

  /**
   * Writes the last variables into a vector; padding is left as it is.
   *
   * @param into as large as the end of the vector of all that begins with a variable
   */
  public void readLast(FlatVector into) {
    long first = program.vectorSize() - into.size();
    if (into.size() > 0) {
      readEach(
          (variable, from, values) -> {
            if (variable.offset() >= first) {
              into.put(variable.offset() - first + from, values);
            }
          });
    }
  }

  /**
   * Writes {@code variables − start} into a vector; padding becomes zero.
   *
   * @return how far that is
   */
  public DeltaNorm readDelta(FlatVector start, FlatVector into) {
    requireSize(start);
    requireSize(into);
    DeltaReader reader = new DeltaReader(start, into);
    readEach(reader::take);
    return reader.norm();
  }

  /**
   * Makes a chunk the one that rows of a slot refer to, the other slots as they are; lends it.
   *
   * @param firstExample number of its first row in the data set
   */
  public void load(int slot, MappedShard.Chunk chunk, long firstExample) {
    windows.load(slot, new NumberedChunk(chunk, firstExample));
  }

  /**
   * Makes chunks those of the slots from the first, the slots after them empty; lends them. Costs
   * nothing if they are that already, and no copy if they are staged.
   */
  public void load(List<NumberedChunk> window) {
    windows.load(window);
  }

  /**
   * Brings chunks to the device for a later {@link #load(List)}; lends them. They take the place of
   * what was staged before, and what is loaded stays. May run beside {@link #train} and {@link
   * #evaluate}, on one other thread.
   */
  public void stage(List<NumberedChunk> window) {
    windows.stage(window);
  }

  boolean isStaged(List<NumberedChunk> window) {
    return windows.isStaged(window);
  }

  /** How many of some chunks are loaded or staged. */
  public int held(Collection<MappedShard.Chunk> chunks) {
    return windows.held(chunks);
  }

  /** Chunks that were lent so far, each as often as it was. */
  public long chunksLent() {
    return windows.chunksLent();
  }

  /** Gives all chunks back. */
  public void unload() {
    windows.unload();
  }

  /** Gives all chunks back if the shard of one is closed. */
  public void unloadClosed() {
    windows.unloadClosed();
  }

  /**
   * Takes the steps of a plan on the loaded chunks.
   *
   * @param rate learning rate of each of them
   * @param sums to add the summary of each batch to, as it was before its update
   */
  public void train(StepPlan plan, LearningRate rate, MetricSums sums) {
    requireSlots(plan);
    FlatVector rates = rates(plan, rate);
    for (int step = 0; step < plan.steps(); step++) {
      try (TensorLease number = plan.lendStep(step, ledger);
          TensorLease seed = plan.lendSeed(step, ledger);
          TensorLease lent = rates.lend(TrainingProgram.roundUp(1) * step, SCALAR, ledger)) {
        train.feed(0, number.tensor());
        train.feed(1, seed.tensor());
        train.feed(2, lent.tensor());
        run(train, 3, plan, step, sums, train::run);
      }
    }
  }

  /** Takes the steps of a plan, all at one rate. */
  public void train(StepPlan plan, float rate, MetricSums sums) {
    train(plan, step -> rate, sums);
  }

  /** Takes the first step of a plan and tells what it really consists of. */
  public HeavyOps inspect(StepPlan plan, LearningRate rate) {
    requireSlots(plan);
    List<GraphDef> graphs = new ArrayList<>();
    try (TensorLease lent = rates(plan, rate).lend(0, SCALAR, ledger);
        TensorLease number = plan.lendStep(0, ledger);
        TensorLease seed = plan.lendSeed(0, ledger)) {
      train.feed(0, number.tensor());
      train.feed(1, seed.tensor());
      train.feed(2, lent.tensor());
      run(train, 3, plan, 0, new MetricSums(program.metrics()), () -> graphs.addAll(train.trace()));
    }
    return HeavyOps.of(graphs);
  }

  /** Evaluates the batches of a plan on the loaded chunks; changes nothing. */
  public void evaluate(StepPlan plan, MetricSums sums) {
    requireSlots(plan);
    for (int step = 0; step < plan.steps(); step++) {
      run(evaluate, 0, plan, step, sums, evaluate::run);
    }
  }

  /** Deletes the session; what it was lent goes back. Idempotent. */
  @Override
  public void close() {
    windows.close();
    for (PreparedRun run : List.of(assign, read, train, evaluate)) {
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

  private void requireSlots(StepPlan plan) {
    if (plan.slots() != program.slots().size()) {
      throw new IllegalArgumentException(
          "a plan must be for the program's %d slots, but was for: %d"
              .formatted(program.slots().size(), plan.slots()));
    }
  }

  /** Runs a step; its rows and, where there are several slots, their counts go to a position. */
  private void run(
      PreparedRun run, int position, StepPlan plan, int step, MetricSums sums, Runnable action) {
    try (TensorLease rows = plan.lendRows(step, ledger);
        TensorLease counts = program.slots().size() == 1 ? null : plan.lendCounts(step, ledger)) {
      run.feed(position, rows.tensor());
      if (counts != null) {
        run.feed(position + 1, counts.tensor());
      }
      action.run();
      int batch = plan.batch(step);
      run.take(0, summary -> sums.add(summary, batch));
    }
  }

  /** The rate of each step, on a 64-byte boundary of its own. */
  private static FlatVector rates(StepPlan plan, LearningRate rate) {
    int apart = (int) TrainingProgram.roundUp(1);
    FlatVector rates = FlatVector.allocate((long) apart * Math.max(1, plan.steps()));
    for (int step = 0; step < plan.steps(); step++) {
      rates.set((long) apart * step, rate.at(plan.number(step)));
    }
    return rates;
  }

  private interface VariableReader {
    /** Takes elements of a variable from one on. */
    void read(Variable variable, long from, FloatBuffer values);
  }

  private void readEach(VariableReader reader) {
    read.run();
    for (int i = 0; i < program.variables().size(); i++) {
      Variable variable = program.variables().get(i);
      read.take(i, FlatVector.largestView(), (from, part) -> reader.read(variable, from, part));
    }
  }
}
