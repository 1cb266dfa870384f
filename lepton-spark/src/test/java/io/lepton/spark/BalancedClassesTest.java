package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class BalancedClassesTest {
  private static final DataSpec DATA = new DataSpec(Table.INPUTS, LabelSpec.of("y", 4), null);

  @Test
  void allClassesOfTheTrainingSetWeighAsMuchTogether() {
    TrainingResult result = Table.train(job(), classes(60, 30, 10, 0), classes(1, 1, 1, 5));
    assertThat(result.model().targets().get(0).classWeights())
        .containsExactly(100.0 / 240, 100.0 / 120, 100.0 / 40, 0.0);
    EpochReport epoch = result.bestEpoch();
    assertThat(epoch.trainingLoss()).isPositive();
  }

  @Test
  void weightsAreBalancedOrGiven() {
    assertThatThrownBy(
            () -> new Objective("y", new Loss.Softmax(2), "", 1, List.of(1.0, 2.0), true))
        .hasMessage("class weights must be balanced or given, but were both: [1.0, 2.0]");
    assertThatThrownBy(() -> new Objective("y", new Loss.SquaredError(), "", 1, List.of(), true))
        .hasMessage("balanced class weights need a loss of classes, but it was: squared error");
  }

  private static TrainingJob job() {
    return new TrainingJob(
        "classes",
        DATA,
        Node.chain(new Layer.Dense(4, Activation.LINEAR, true)),
        List.of(new Objective(LabelSpec.ONLY, new Loss.Softmax(4), "", 1, List.of(), true)),
        new Optimizer.Sgd(0.1, 0),
        Table.options(1, 8, 3, 4),
        0);
  }

  private static Dataset<Row> classes(int... counts) {
    List<Row> rows = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i < counts[c]; i++) {
        rows.add(Table.row(new double[] {c, i, 1}, c, 1));
      }
    }
    return Table.of(Cluster.local(), rows);
  }
}
