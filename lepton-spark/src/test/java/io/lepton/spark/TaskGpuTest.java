package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.tf.ComputeOptions;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.model.ComputeType;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
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
  void anApplicationTellsWhetherItsTasksAreGivenGpus() {
    SparkConf conf = new SparkConf(false);
    assertThat(TaskGpu.isGivenBy(conf)).isFalse();
    assertThat(TaskGpu.isGivenBy(conf.set("spark.task.resource.gpu.amount", "0.5"))).isTrue();
  }

  @Test
  void bfloat16OnGpusIsCastByTheProgram() {
    TrainingOptions options =
        Table.options(1, 1, 1, 1)
            .computing(PrecisionChoice.MIXED_BFLOAT16, List.of(), ComputeOptions.DEFAULT);
    assertThat(options.computeType(true).format()).isEqualTo(ComputeType.Format.BFLOAT16);
    assertThat(options.computeType(false).format()).isEqualTo(ComputeType.Format.FLOAT32);
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
