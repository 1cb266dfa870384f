package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.TrainingOptions.EarlyStopping;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoppingMetricTest {
  private static final DataSpec DATA = new DataSpec(Table.INPUTS, LabelSpec.of("y", 2), null);

  @ParameterizedTest
  @ValueSource(strings = {"auc", "average-precision", "f1", "recall", "accuracy"})
  void theBestEpochIsTheFirstWithTheHighestMetric(String metric) {
    TrainingResult result = train(metric);
    assertThat(result.bestEpoch())
        .isEqualTo(
            result.epochs().stream()
                .max(
                    Comparator.<EpochReport>comparingDouble(epoch -> epoch.metrics().get(metric))
                        .thenComparing(epoch -> -epoch.epoch()))
                .orElseThrow());
    assertThat(result.bestEpoch().metrics().get("auc")).isBetween(0.5, 1.0);
  }

  @Test
  void anEpochWithoutAValueIsWorseThanOneWithAny() {
    assertThat(EpochLog.isBetter("precision", 0.1, Double.NaN)).isTrue();
    assertThat(EpochLog.isBetter("rmse", 9, Double.NaN)).isTrue();
    assertThat(EpochLog.isBetter("precision", Double.NaN, 0.1)).isFalse();
    assertThat(EpochLog.isBetter("precision", Double.NaN, Double.NaN)).isFalse();
  }

  private static TrainingResult train(String metric) {
    TrainingJob job =
        new TrainingJob(
            "stopping",
            DATA,
            Node.chain(new Layer.Dense(1, Activation.LINEAR, true)),
            Objective.of(new Loss.Sigmoid()),
            new Optimizer.Sgd(0.5, 0),
            new TrainingOptions(7, 12, 8, 2, 4, new EarlyStopping(metric, 12), null),
            0);
    return Table.train(job, classes(200, 1), classes(100, 2));
  }

  private static Dataset<Row> classes(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] x = random.doubles(3, -1, 1).toArray();
      rows.add(Table.row(x, x[0] + x[1] + random.nextGaussian() > 0 ? 1 : 0, 1));
    }
    return Table.of(Cluster.local(), rows);
  }
}
