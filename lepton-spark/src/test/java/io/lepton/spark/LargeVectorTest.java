package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.averaging.WeightRanges;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.LargeVector;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.exchange.Tasks;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Vectors of more than 2 GiB travel and are folded as all others. */
@Tag("chaos")
class LargeVectorTest {
  @Test
  void anExecutorFetchesItAndWhatItAnswersIsFolded() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(Cluster.processes().sparkContext());
    FlatVector vector = LargeVector.make();
    FlatVector moved = FlatVector.allocate(LargeVector.SIZE);
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, vector);
      Address answer =
          Tasks.run(
                  spark,
                  1,
                  (context, none) -> {
                    FlatVector here = shared.value();
                    return shared.answer(
                        context,
                        "same",
                        Publisher.cut(here, Publisher.slice(Float.BYTES * LargeVector.SIZE)),
                        here);
                  })
              .get(0);
      parts.put(0, new DeltaFold.Part(answer, 0, 3));

      OuterStep mean =
          new OuterStep(OuterOptimizer.PLAIN, WeightRanges.of(List.of()), LargeVector.SIZE);
      new DeltaFold(vector, moved, parts, DeltaForm.plain(LargeVector.SIZE), mean, 2).run();
    }
    LargeVector.assertIs(vector, 1);
    LargeVector.assertIs(moved, 2);
  }
}
