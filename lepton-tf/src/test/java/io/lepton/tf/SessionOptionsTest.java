package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;

class SessionOptionsTest {
  @Test
  void byDefaultNothingIsRewrittenNorCompiledAndMemoryIsTakenAsItIsNeeded() {
    ConfigProto config = SessionOptions.SINGLE_THREAD.toConfigProto();
    assertThat(config.getIntraOpParallelismThreads()).isEqualTo(1);
    assertThat(config.getInterOpParallelismThreads()).isEqualTo(-1);
    assertThat(config.getAllowSoftPlacement()).isTrue();
    assertThat(config.getGpuOptions().getAllowGrowth()).isTrue();
    assertThat(config.getGpuOptions().getPerProcessGpuMemoryFraction()).isZero();
    assertThat(config.getGraphOptions().getRewriteOptions())
        .isEqualTo(RewriterConfig.getDefaultInstance());
    assertThat(config.getGraphOptions().getOptimizerOptions().getGlobalJitLevel())
        .isEqualTo(OptimizerOptions.GlobalJitLevel.DEFAULT);
    assertThat(SessionOptions.SINGLE_THREAD.device()).isEmpty();
  }

  @Test
  void everyOptionReachesTensorFlow() {
    ComputeOptions compute =
        new ComputeOptions(Precision.MIXED_BFLOAT16, true, true, false, 0.5, PageLocking.FALSE);
    SessionOptions options = new SessionOptions(4, 2, compute);
    ConfigProto config = options.toConfigProto();
    assertThat(config.getIntraOpParallelismThreads()).isEqualTo(1);
    assertThat(config.getGpuOptions().getAllowGrowth()).isFalse();
    assertThat(config.getGpuOptions().getPerProcessGpuMemoryFraction()).isEqualTo(0.5);
    RewriterConfig rewriting = config.getGraphOptions().getRewriteOptions();
    assertThat(rewriting.getAutoMixedPrecisionOnednnBfloat16()).isEqualTo(RewriterConfig.Toggle.ON);
    assertThat(rewriting.getAutoMixedPrecisionCpu()).isEqualTo(RewriterConfig.Toggle.DEFAULT);
    assertThat(config.getGraphOptions().getOptimizerOptions().getGlobalJitLevel())
        .isEqualTo(OptimizerOptions.GlobalJitLevel.ON_2);
    assertThat(options.device()).isEqualTo("/device:GPU:2");
  }

  @Test
  void threadsAreThoseOfTheTaskUnlessTheResultMustNotDependOnThem() {
    SessionOptions options = new SessionOptions(4, SessionOptions.NO_GPU, ComputeOptions.DEFAULT);
    assertThat(options.toConfigProto().getIntraOpParallelismThreads()).isEqualTo(4);
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatThrownBy(() -> new SessionOptions(0, 0, ComputeOptions.DEFAULT))
        .hasMessage("intraOpThreads must be positive, but was: 0");
    assertThatThrownBy(() -> new SessionOptions(1, -2, ComputeOptions.DEFAULT))
        .hasMessage("gpu must be a number from 0 or NO_GPU, but was: -2");
    assertThatThrownBy(
            () -> new ComputeOptions(Precision.FLOAT32, false, false, true, 1.5, PageLocking.AUTO))
        .hasMessage("gpuMemoryFraction must be between 0 and 1, but was: 1.5");
  }

  @Test
  void pagesAreLockedForAGpuOrIfThatIsAskedFor() {
    assertThat(locks(SessionOptions.NO_GPU, PageLocking.AUTO)).isFalse();
    assertThat(locks(0, PageLocking.AUTO)).isTrue();
    assertThat(locks(SessionOptions.NO_GPU, PageLocking.TRUE)).isTrue();
    assertThat(locks(0, PageLocking.FALSE)).isFalse();
  }

  private static boolean locks(int gpu, PageLocking pages) {
    ComputeOptions compute = new ComputeOptions(Precision.FLOAT32, false, false, true, 0, pages);
    return new SessionOptions(1, gpu, compute).locksPages();
  }
}
