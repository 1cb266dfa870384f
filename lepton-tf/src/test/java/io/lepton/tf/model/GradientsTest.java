package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Gradients in a table that is looked up twice, and read as a whole where a penalty does so. */
class GradientsTest {
  private static final Weight TABLE = Weight.embeddings("t", 4, 2);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rowsOfAllLookupsAddUp(boolean byRow) {
    assertThat(gradient(byRow, false)).containsExactly(3, 3, 0, 0, 11, 11, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatReadsTheWholeTableCountsToo(boolean byRow) {
    assertThat(gradient(byRow, true)).containsExactly(3 + 2, 3 + 4, 6, 8, 11 + 10, 23, 14, 16);
  }

  /** Of {@code Σ rows[0, 2] + 10·Σ row[2] + 2·Σ row[0]}, and of {@code Σ t²} if penalized. */
  private static float[] gradient(boolean byRow, boolean penalized) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NamedOps ops = new NamedOps(graph);
      Operation handle = ops.variable(TABLE.name(), DataType.DT_FLOAT, TABLE.dimensions());
      float[][] values = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
      Operation assign = ops.assign(handle, DataType.DT_FLOAT, tf.constant(values));
      Map<String, Operand<TFloat32>> reads = new HashMap<>();
      reads.put(TABLE.name(), ops.read(handle, DataType.DT_FLOAT).output(0));
      Lookups lookups =
          new Lookups(Map.of(TABLE.name(), handle), reads, byRow ? Set.of(TABLE.name()) : Set.of());
      Arithmetic a = new Arithmetic(tf);
      Operand<TFloat32> loss = sum(a, lookups, 1, 0, 2);
      loss = a.sum(loss, sum(a, lookups, 10, 2));
      loss = a.sum(loss, sum(a, lookups, 2, 0));
      if (penalized) {
        loss = a.sum(loss, a.total(a.square(reads.get(TABLE.name()))));
      }
      Gradient gradient =
          new Gradients(graph, tf, reads, lookups)
              .of(tf.dtypes.cast(loss, TFloat64.class), List.of(TABLE))
              .get(TABLE.name());
      assertThat(gradient.ids().isPresent()).isEqualTo(!penalized);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(assign).run().close();
        try (Result result = session.runner().fetch(gradient.whole(tf, TABLE.shape())).run()) {
          return LocalProgram.values((TFloat32) result.get(0));
        }
      }
    }
  }

  private static Operand<TFloat32> sum(Arithmetic a, Lookups lookups, double factor, long... ids) {
    Ops tf = a.tf();
    return a.product(factor, a.total(lookups.rows(tf, TABLE.name(), tf.constant(ids))));
  }
}
