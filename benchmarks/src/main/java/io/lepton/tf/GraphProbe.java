package io.lepton.tf;

import io.lepton.arrow.TensorLease;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A graph of one operation on float32 feeds, run the way programs are: what a run costs beside the
 * operation. One thread.
 */
public final class GraphProbe implements AutoCloseable {
  private final NativeSession session;
  private final PreparedRun run;
  private float result;

  private GraphProbe(byte[] graphDef, int feeds, SessionOptions options) {
    session = new NativeSession(graphDef, options);
    run =
        new PreparedRun(
            session,
            IntStream.range(0, feeds).mapToObj(feed -> "feed" + feed + ":0").toList(),
            List.of("result:0"),
            List.of());
  }

  /** Adds up all elements of one feed {@code [rows, width]}. */
  public static GraphProbe sum(SessionOptions options) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      tf.withName("result").sum(feed(tf, 0), tf.constant(new int[] {0, 1}));
      return new GraphProbe(graph.toGraphDef().toByteArray(), 1, options);
    }
  }

  /** Adds up as many scalars. */
  public static GraphProbe addition(int feeds, SessionOptions options) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      List<Operand<TFloat32>> scalars = new ArrayList<>();
      for (int feed = 0; feed < feeds; feed++) {
        scalars.add(feed(tf, feed));
      }
      tf.withName("result").math.addN(scalars);
      return new GraphProbe(graph.toGraphDef().toByteArray(), feeds, options);
    }
  }

  /** Sets what is fed at a position from now on; the lease must live through the runs. */
  public void feed(int position, TensorLease lease) {
    run.feed(position, lease.tensor());
  }

  /** Runs once and fetches the result. */
  public float run() {
    run.run();
    run.take(0, values -> result = values.get(0));
    return result;
  }

  @Override
  public void close() {
    run.close();
    session.close();
  }

  private static Operand<TFloat32> feed(Ops tf, int feed) {
    return tf.withName("feed" + feed).placeholder(TFloat32.class);
  }
}
