package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.config.JobConfiguration;
import io.lepton.tf.model.Optimizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkTest {
  private static final int ROWS = 2_000;

  @ParameterizedTest
  @EnumSource
  void noClassIsRareAndNoneIsMostOfThem(Work work) {
    Map<Integer, Long> counts =
        LongStream.range(0, ROWS)
            .mapToObj(id -> label(work, id))
            .collect(Collectors.groupingBy(label -> label, Collectors.counting()));

    int classes = work == Work.W3 ? 2 : 10;
    assertThat(counts).hasSize(classes);
    assertThat(counts.values())
        .allMatch(count -> count > 0.2 * ROWS / classes && count < 2.5 * ROWS / classes);
  }

  @ParameterizedTest
  @EnumSource
  void anExampleHasTheSameLabelEveryTime(Work work) {
    assertThat(label(work, 5)).isEqualTo(label(work, 5));
  }

  @ParameterizedTest
  @EnumSource
  void leptonsConfigurationIsValidAndLearnsAsPeersDo(Work work) {
    Path file = Path.of("..").resolve(work.configuration());
    JobConfiguration job = JobConfiguration.load(file, List.of());

    int batch =
        switch (work) {
          case W1 -> 128;
          case W2 -> 32;
          case W3 -> 1024;
        };
    assertThat(job.trainingOptions().batchSize()).isEqualTo(batch);
    assertThat(job.optimizer()).isEqualTo(new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7));
  }

  private static int label(Work work, long id) {
    Random random = new Random(id * 7919);
    return work.label(id, work.table().values(random), random);
  }
}
