package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;
import io.lepton.tf.Processor;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrecisionTest {
  private SparkSession spark;

  @BeforeEach
  void start() {
    spark = Cluster.local();
  }

  @Test
  void aTrainingInBfloat16RunsItsProductsSoAndEndsNearTheOneInFloat32() {
    assumeTrue(
        Processor.supports(Precision.MIXED_BFLOAT16), "this processor does not know bfloat16");
    TrainingResult exact = train(PrecisionChoice.FLOAT32, 20);
    TrainingResult rounded = train(PrecisionChoice.MIXED_BFLOAT16, 20);

    assertThat(rounded.precision().precision()).isEqualTo(Precision.MIXED_BFLOAT16);
    assertThat(rounded.precision().heavy().lowShare()).isEqualTo(1);
    assertThat(rounded.parametersSha256()).isNotEqualTo(exact.parametersSha256());
    assertThat(Table.weights(rounded)).containsExactly(Table.weights(exact), offset(0.05f));
  }

  @Test
  void aLayerThatMatchesAPatternStaysInFloat32() {
    assumeTrue(
        Processor.supports(Precision.MIXED_BFLOAT16), "this processor does not know bfloat16");
    TrainingResult exact = train(PrecisionChoice.FLOAT32, 2);
    TrainingResult kept = train(PrecisionChoice.MIXED_BFLOAT16, 2, "dense*");

    assertThat(kept.precision().heavy().lowShare()).isZero();
    assertThat(kept.parametersSha256()).isEqualTo(exact.parametersSha256());
  }

  @Test
  void aTrainingInFloat16EndsNearTheOneInFloat32AfterAFewStepsWithoutEffect() {
    TrainingResult exact = train(PrecisionChoice.FLOAT32, 20);
    TrainingResult rounded = train(PrecisionChoice.MIXED_FLOAT16, 20);

    assertThat(rounded.precision().precision()).isEqualTo(Precision.MIXED_FLOAT16);
    assertThat(rounded.precision().heavy().counts()).containsOnlyKeys("half");
    assertThat(rounded.skippedSteps()).isLessThan(5);
    assertThat(Table.weights(rounded)).containsExactly(Table.weights(exact), offset(0.01f));
  }

  @Test
  void theTrialOfAnAutomaticPrecisionLeavesNoTrace() {
    TrainingResult exact = train(PrecisionChoice.FLOAT32, 60);
    TrainingResult chosen = train(PrecisionChoice.AUTO, 60);

    assumeTrue(chosen.precision().precision() == Precision.FLOAT32, "so small a net is faster");
    assertThat(chosen.parametersSha256()).isEqualTo(exact.parametersSha256());
    assertThat(chosen.examples()).isEqualTo(exact.examples());
  }

  @Test
  void whereBitsMustBeTheSameNothingIsMeasured() {
    ComputeOptions deterministic =
        new ComputeOptions(Precision.FLOAT32, true, false, true, 0, PageLocking.AUTO);

    TrainingResult result = train(PrecisionChoice.AUTO, deterministic, 60);

    assertThat(result.precision().precision()).isEqualTo(Precision.FLOAT32);
    assertThat(result.precision().heavy().total()).isZero();
    assertThat(result.precision().float32Seconds()).isZero();
    assertThat(result.precision().reason())
        .isEqualTo("as session.deterministic allows no measurement");
    assertThat(train(PrecisionChoice.AUTO, 60).precision().heavy().total()).isPositive();
  }

  private TrainingResult train(PrecisionChoice precision, int epochs, String... layersInFloat32) {
    return train(precision, ComputeOptions.DEFAULT, epochs, layersInFloat32);
  }

  private TrainingResult train(
      PrecisionChoice precision, ComputeOptions compute, int epochs, String... layersInFloat32) {
    Dataset<Row> rows = Table.of(spark, Table.rows(160, 1, 1));
    TrainingOptions options =
        Table.options(epochs, 4, 2, 10).computing(precision, List.of(layersInFloat32), compute);
    return Table.train(Table.job(Table.DATA, 0.1, options), rows, rows);
  }
}
