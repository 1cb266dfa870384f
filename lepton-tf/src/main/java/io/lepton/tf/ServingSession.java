package io.lepton.tf;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;

import io.lepton.arrow.TensorLease;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * A graph that only computes, in a TensorFlow session of its own: one session and one copy of the
 * weights for any number of threads, each of which runs in itself.
 */
public final class ServingSession implements AutoCloseable {
  private final NativeSession session;
  private final List<String> feeds;
  private final List<String> fetches;
  private final ConcurrentLinkedQueue<PreparedRun> idle = new ConcurrentLinkedQueue<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /** Takes views of what was computed, in the order of the fetches; valid during the call only. */
  @FunctionalInterface
  public interface Reader {
    void read(List<FloatBuffer> outputs);
  }

  /**
   * Imports a graph.
   *
   * @param graphDef a serialized {@code GraphDef}
   * @param feeds tensors to feed, as {@code op:index}
   * @param fetches tensors to fetch, float32
   * @throws RuntimeException one of {@code org.tensorflow.exceptions}, if TensorFlow refuses it
   */
  public ServingSession(
      byte[] graphDef, List<String> feeds, List<String> fetches, SessionOptions options) {
    this.session = new NativeSession(graphDef, options);
    this.feeds = List.copyOf(feeds);
    this.fetches = List.copyOf(fetches);
  }

  /**
   * Runs an operation once, such as one that restores variables.
   *
   * @throws RuntimeException one of {@code org.tensorflow.exceptions}, if that fails
   */
  public void run(String operation) {
    try (PreparedRun run = new PreparedRun(session, List.of(), List.of(), List.of(operation))) {
      run.run();
    }
  }

  /**
   * Runs an operation once that takes what is fed, such as one that saves it.
   *
   * @param inputs in the order of the feeds
   * @throws RuntimeException one of {@code org.tensorflow.exceptions}, if that fails
   */
  public void run(String operation, List<TensorLease> inputs) {
    try (PreparedRun run = new PreparedRun(session, feeds, List.of(), List.of(operation))) {
      for (int i = 0; i < inputs.size(); i++) {
        run.feed(i, inputs.get(i).tensor());
      }
      run.run();
    }
  }

  /**
   * Runs once, in the caller's thread.
   *
   * @param inputs in the order of the feeds
   * @throws IllegalStateException if this is closed
   * @throws RuntimeException one of {@code org.tensorflow.exceptions}, if the run fails
   */
  public void run(List<TensorLease> inputs, Reader reader) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("a session must be open to run, but was closed");
      }
      PreparedRun run = idle.poll();
      run = run == null ? new PreparedRun(session, feeds, fetches, List.of()) : run;
      try {
        for (int i = 0; i < inputs.size(); i++) {
          run.feed(i, inputs.get(i).tensor());
        }
        run.run();
        take(run, reader);
      } finally {
        idle.add(run);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for the runs under way and deletes the session. Idempotent. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        idle.forEach(PreparedRun::close);
        session.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void take(PreparedRun run, Reader reader) {
    List<TF_Tensor> tensors = new ArrayList<>(fetches.size());
    try {
      List<FloatBuffer> views = new ArrayList<>(fetches.size());
      for (int i = 0; i < fetches.size(); i++) {
        TF_Tensor tensor = run.fetched(i);
        tensors.add(tensor);
        views.add(PreparedRun.view(tensor));
      }
      reader.read(views);
    } finally {
      tensors.forEach(tensor -> TF_DeleteTensor(tensor));
    }
  }
}
