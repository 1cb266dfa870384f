package io.lepton.tf;

import java.io.Serializable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * How a session computes.
 *
 * @param intraOpThreads threads of one operation; 1 gives the same bits on one kind of processor
 *     however many sessions run side by side. TensorFlow has one pool of them a process, as large
 *     as its first session asked for
 * @param gpu number of the GPU, as CUDA counts them in this process; {@link #NO_GPU} for none.
 *     Operations it cannot do, and all of them where there is no such GPU, run on the processor
 * @param compute what does not depend on the machine
 */
public record SessionOptions(int intraOpThreads, int gpu, ComputeOptions compute)
    implements Serializable {
  /** Where TensorFlow puts operations by itself. */
  public static final int NO_GPU = -1;

  /** One thread: one replica a core uses the cores better than one replica on all of them. */
  public static final SessionOptions SINGLE_THREAD =
      new SessionOptions(1, NO_GPU, ComputeOptions.DEFAULT);

  private static final int IN_CALLERS_THREAD = -1;

  public SessionOptions {
    if (intraOpThreads <= 0) {
      throw new IllegalArgumentException(
          "intraOpThreads must be positive, but was: " + intraOpThreads);
    }
    if (gpu < NO_GPU) {
      throw new IllegalArgumentException("gpu must be a number from 0 or NO_GPU, but was: " + gpu);
    }
  }

  /** Where operations are put unless they say themselves; empty for TensorFlow's own choice. */
  String device() {
    return gpu == NO_GPU ? "" : "/device:GPU:" + gpu;
  }

  /** Whether chunks are locked into RAM. */
  boolean locksPages() {
    return compute.pageLocking() == PageLocking.TRUE
        || (compute.pageLocking() == PageLocking.AUTO && gpu != NO_GPU);
  }

  ConfigProto toConfigProto() {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(compute.deterministic() ? 1 : intraOpThreads)
        .setInterOpParallelismThreads(IN_CALLERS_THREAD)
        .setAllowSoftPlacement(true)
        .setGpuOptions(
            GPUOptions.newBuilder()
                .setAllowGrowth(compute.gpuMemoryGrowth())
                .setPerProcessGpuMemoryFraction(compute.gpuMemoryFraction()))
        .setGraphOptions(graphOptions())
        .build();
  }

  private GraphOptions graphOptions() {
    GraphOptions.Builder options = GraphOptions.newBuilder();
    if (compute.xla()) {
      options.setOptimizerOptions(
          OptimizerOptions.newBuilder()
              .setGlobalJitLevel(OptimizerOptions.GlobalJitLevel.ON_2)
              .setCpuGlobalJit(true));
    }
    if (compute.precision() == Precision.MIXED_BFLOAT16) {
      // The rewriter for any processor, auto_mixed_precision_cpu, aborts the process.
      options.setRewriteOptions(
          RewriterConfig.newBuilder()
              .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON));
    }
    return options.build();
  }
}
