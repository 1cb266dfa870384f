package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.CopyLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where replicas run. */
class SpreadReplicasTest {
  @ParameterizedTest
  @ValueSource(strings = {"KryoSerializer", "JavaSerializer"})
  void dataThatOneExecutorReadsIsTrainedOnByAll(String serializer) {
    Dataset<Row> data =
        Table.of(
            Cluster.processes(
                Map.of("spark.serializer", "org.apache.spark.serializer." + serializer)),
            Table.rows(60, 1, 1));
    List<RoundReport> rounds = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            rounds.add(report);
          }
        };

    TrainingJob job = Table.job(Table.DATA, 0.1, Table.options(2, 5, 2, 3));
    TrainingResult result = new Trainer(job, listener, new PhaseClock()).train(data, data);

    long vector = result.compiled().program().vectorSize() * Float.BYTES;
    assertThat(data.rdd().getNumPartitions()).isEqualTo(1);
    assertThat(result.bytesCopied().get(CopyLedger.Reason.MOVE)).isPositive();
    assertThat(rounds)
        .hasSize(4)
        .allSatisfy(round -> assertThat(round.bytesDown()).isEqualTo(2 * vector));
  }
}
