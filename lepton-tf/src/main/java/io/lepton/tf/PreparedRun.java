package io.lepton.tf;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OK;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.util.MemoryUtil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;

/**
 * One combination of feeds, fetches and targets of a session, its native arrays built once: a run
 * costs a few microseconds. The graph runs in the caller's thread; one thread at a time.
 */
final class PreparedRun implements AutoCloseable {
  private static final LongAdder RUNS = new LongAdder();

  private final NativeSession session;
  private final int feedCount;
  private final int fetchCount;
  private final int targetCount;
  private final TF_Output feeds;
  private final TF_Output fetches;
  private final PointerPointer<TF_Tensor> feedValues;
  private final PointerPointer<TF_Tensor> fetchValues;
  private final PointerPointer<Pointer> targets;
  private final TF_Status status = TF_Status.newStatus();

  /** Tensors are named {@code op:index}, targets {@code op}. */
  PreparedRun(
      NativeSession session, List<String> feeds, List<String> fetches, List<String> targets) {
    this.session = session;
    this.feedCount = feeds.size();
    this.fetchCount = fetches.size();
    this.targetCount = targets.size();
    this.feeds = outputs(feeds);
    this.fetches = outputs(fetches);
    this.feedValues = new PointerPointer<>(Math.max(1, feedCount));
    this.fetchValues = new PointerPointer<>(Math.max(1, fetchCount));
    this.targets = new PointerPointer<>(Math.max(1, targetCount));
    for (int i = 0; i < targetCount; i++) {
      this.targets.put(i, session.operation(targets.get(i)));
    }
  }

  /** Sets what is fed at a position from now on; the tensor must live through the runs. */
  void feed(int position, TF_Tensor tensor) {
    feedValues.put(position, tensor);
  }

  /**
   * Runs once.
   *
   * @throws RuntimeException what TensorFlow reports: one of {@code org.tensorflow.exceptions},
   *     which have no closer ancestor in common
   */
  void run() {
    run(null, null);
  }

  /** Runs once and returns the graphs that were run, one for each device. */
  @SuppressWarnings("try")
  List<GraphDef> trace() {
    byte[] options = RunOptions.newBuilder().setOutputPartitionGraphs(true).build().toByteArray();
    try (PointerScope scope = new PointerScope()) {
      TF_Buffer metadata = TF_Buffer.newBuffer();
      run(TF_Buffer.newBufferFromString(new BytePointer(options)), metadata);
      return RunMetadata.parseFrom(metadata.copyData()).getPartitionGraphsList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow's own metadata must be readable", e);
    }
  }

  /** Runs of all sessions of this process so far. */
  static long runs() {
    return RUNS.sum();
  }

  private void run(TF_Buffer options, TF_Buffer metadata) {
    RUNS.increment();
    TF_SessionRun(
        session.handle(),
        options,
        feeds,
        feedValues,
        feedCount,
        fetches,
        fetchValues,
        fetchCount,
        targets,
        targetCount,
        metadata,
        status);
    if (TF_GetCode(status) != TF_OK) {
      status.throwExceptionIfNotOK();
    }
  }

  /** Hands a fetched float32 tensor to a reader, in place, and deletes it. */
  void take(int position, FloatReader reader) {
    TF_Tensor tensor = fetched(position);
    try {
      reader.read(view(tensor));
    } finally {
      TF_DeleteTensor(tensor);
    }
  }

  /**
   * Hands a fetched float32 tensor of any size to a reader, in place and in order, and deletes it.
   *
   * @param most elements at a time
   */
  void take(int position, int most, PartReader reader) {
    TF_Tensor tensor = fetched(position);
    try {
      long size = TF_TensorByteSize(tensor) / Float.BYTES;
      long address = TF_TensorData(tensor).address();
      long from = 0;
      do {
        int count = (int) Math.min(most, size - from);
        reader.read(from, view(address + from * Float.BYTES, count * Float.BYTES));
        from += count;
      } while (from < size);
    } finally {
      TF_DeleteTensor(tensor);
    }
  }

  /** A fetched tensor, the caller's to delete. */
  TF_Tensor fetched(int position) {
    return new TF_Tensor(fetchValues.get(position));
  }

  /** The elements of a float32 tensor, in place; valid until it is deleted. */
  static FloatBuffer view(TF_Tensor tensor) {
    return view(TF_TensorData(tensor).address(), Math.toIntExact(TF_TensorByteSize(tensor)));
  }

  private static FloatBuffer view(long address, int bytes) {
    return MemoryUtil.directBuffer(address, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Reads a part that is valid only during the call. */
  interface PartReader {
    /**
     * Reads the next part.
     *
     * @param from place of its first element
     */
    void read(long from, FloatBuffer values);
  }

  /** Reads a view that is valid only during the call. */
  interface FloatReader {
    void read(FloatBuffer values);
  }

  @Override
  public void close() {
    feeds.close();
    fetches.close();
    feedValues.close();
    fetchValues.close();
    targets.close();
    status.close();
  }

  private TF_Output outputs(List<String> names) {
    TF_Output outputs = new TF_Output(Math.max(1, names.size()));
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      int colon = name.lastIndexOf(':');
      outputs
          .position(i)
          .oper(session.operation(name.substring(0, colon)))
          .index(Integer.parseInt(name.substring(colon + 1)));
    }
    return outputs.position(0);
  }
}
