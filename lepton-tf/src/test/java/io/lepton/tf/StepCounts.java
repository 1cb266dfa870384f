package io.lepton.tf;

import com.sun.management.ThreadMXBean;
import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What training steps of a small program cost wherever they run, in means of a step.
 *
 * @param runs of the session's graph
 * @param leases of memory that is fed
 * @param stepBytes of heap allocated to take it
 * @param planBytes of heap allocated to lay out its rows
 * @param copiedBytes by the session's ledger
 */
record StepCounts(
    double runs, double leases, double stepBytes, double planBytes, double copiedBytes) {
  private static final int STEPS = 256;
  private static final int ROWS = 8192;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * Prints counts, one a line.
   *
   * @param arguments slots of a program and rows of a batch, pair after pair
   */
  public static void main(String[] arguments) throws IOException {
    for (int i = 0; i < arguments.length; i += 2) {
      Path directory = Files.createTempDirectory("lepton-counts");
      Path path = directory.resolve("rows");
      try {
        StepCounts counts =
            of(path, Integer.parseInt(arguments[i]), Integer.parseInt(arguments[i + 1]));
        List.of(counts.runs, counts.leases, counts.stepBytes, counts.planBytes, counts.copiedBytes)
            .forEach(System.out::println);
      } finally {
        Files.deleteIfExists(path);
        Files.delete(directory);
      }
    }
  }

  /** Reads what {@link #main} printed. */
  static List<StepCounts> parse(List<String> lines) {
    List<StepCounts> counts = new ArrayList<>();
    for (Iterator<Double> next = lines.stream().map(Double::valueOf).iterator(); next.hasNext(); ) {
      counts.add(new StepCounts(next.next(), next.next(), next.next(), next.next(), next.next()));
    }
    return counts;
  }

  private static StepCounts of(Path path, int slots, int batch) throws IOException {
    TrainingProgram program = LinearModel.program(slots, new Optimizer.Sgd(0.1, 0));
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
        MappedShard shard =
            MappedShard.open(LinearModel.shard(path, root, ROWS, ROWS / slots), root);
        ProgramSession session = new ProgramSession(program, SessionOptions.SINGLE_THREAD)) {
      session.load(shard.chunks().stream().map(chunk -> new NumberedChunk(chunk, 0)).toList());
      session.assign(LinearModel.parameters(program));
      train(session, root, batch);
      return train(session, root, batch);
    }
  }

  private static StepCounts train(ProgramSession session, BufferAllocator root, int batch) {
    int slots = session.program().slots().size();
    BatchRows rows = new BatchRows(batch);
    MetricSums sums = new MetricSums(session.program().metrics());
    try (StepPlan plan = new StepPlan(root, STEPS, batch, slots)) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int step = 0; step < STEPS; step++) {
        rows.clear();
        for (int i = 0; i < batch; i++) {
          rows.add(i % slots, (step + i) / slots);
        }
        plan.add(rows, step, 0, 0);
      }
      long planned = THREADS.getCurrentThreadAllocatedBytes();
      long runs = ProgramSession.runs();
      long leases = TensorLease.opened();
      session.train(plan, 0.1f, sums);
      long after = THREADS.getCurrentThreadAllocatedBytes();
      return new StepCounts(
          (ProgramSession.runs() - runs) / (double) STEPS,
          (TensorLease.opened() - leases) / (double) STEPS,
          (after - planned) / (double) STEPS,
          (planned - before) / (double) STEPS,
          session.ledger().total());
    }
  }
}
