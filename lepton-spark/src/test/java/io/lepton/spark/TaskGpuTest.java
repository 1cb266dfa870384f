package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.tf.SessionOptions;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class TaskGpuTest {
  @Test
  void aTaskComputesOnTheFirstGpuItWasGiven() {
    assertThat(TaskGpu.of(gpus("3", "1"))).isEqualTo(3);
  }

  @Test
  void withoutAGpuATaskComputesOnItsCores() {
    assertThat(TaskGpu.of(Map.of())).isEqualTo(SessionOptions.NO_GPU);
    assertThat(TaskGpu.of(gpus())).isEqualTo(SessionOptions.NO_GPU);
  }

  @Test
  void anAddressThatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> TaskGpu.of(gpus("GPU-1b2c")))
        .hasMessage(
            "addresses of GPUs must be numbers as CUDA counts them, but one was: GPU-1b2c; mend"
                + " the script of spark.executor.resource.gpu.discoveryScript");
  }

  private static Map<String, ResourceInformation> gpus(String... addresses) {
    return Map.of("gpu", new ResourceInformation("gpu", addresses));
  }
}
