package io.lepton.tf.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;
import io.lepton.tf.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final Offset<Float> CLOSE = Offset.offset(1e-6f);
  private static final SessionOptions DETERMINISTIC =
      new SessionOptions(
          1,
          SessionOptions.NO_GPU,
          new ComputeOptions(Precision.FLOAT32, true, false, true, 0, PageLocking.FALSE));

  private final BufferAllocator memory = AlignedMemory.root(1 << 20);

  private Scorer scorer;

  @BeforeEach
  void open() throws IOException {
    scorer = Scorer.open(GoldenBundle.directory());
  }

  @AfterEach
  void close() {
    scorer.close();
    memory.close();
    assertThat(TensorLease.outstanding()).isZero();
  }

  @Test
  void arraysAreScoredAsTensorFlowsOwnLoaderDoes() {
    Scores scores = scorer.score(GoldenBundle.ROWS);

    assertThat(scores.values("logits")).containsExactly(GoldenBundle.LOGITS, CLOSE);
    assertThat(scores.values("probabilities")).containsExactly(GoldenBundle.PROBABILITIES, CLOSE);
    assertThat(scores.classes()).containsExactly(1, 1, 1, 1, 1);
    assertThat(scores.row("logits", 1))
        .containsExactly(Arrays.copyOfRange(GoldenBundle.LOGITS, 3, 6), CLOSE);
  }

  @Test
  void anArrayOfAllRowsIsTheSame() {
    float[] flat = new float[20];
    for (int i = 0; i < 20; i++) {
      flat[i] = GoldenBundle.ROWS[i / 4][i % 4];
    }

    assertThat(scorer.score(Map.of("x", flat)).values("logits"))
        .isEqualTo(scorer.score(GoldenBundle.ROWS).values("logits"));
  }

  @Test
  void noRowsGiveNoScores() {
    assertThat(scorer.score(new float[0][]).values("logits")).isEmpty();
  }

  @Test
  void anArrowListOfTheInputsLayoutIsLentNotCopied() {
    try (FixedSizeListVector list =
        new FixedSizeListVector(
            "x", memory, FieldType.notNullable(new ArrowType.FixedSizeList(4)), null)) {
      list.addOrGetVector(
          FieldType.notNullable(
              new ArrowType.FloatingPoint(
                  org.apache.arrow.vector.types.FloatingPointPrecision.SINGLE)));
      list.setInitialCapacity(5);
      list.allocateNew();
      Float4Vector elements = (Float4Vector) list.getDataVector();
      for (int i = 0; i < 20; i++) {
        elements.setSafe(i, GoldenBundle.ROWS[i / 4][i % 4]);
      }
      for (int row = 0; row < 5; row++) {
        list.setNotNull(row);
      }
      list.setValueCount(5);
      try (VectorSchemaRoot batch = new VectorSchemaRoot(List.<FieldVector>of(list))) {
        batch.setRowCount(5);
        Scores scores = scorer.score(batch);

        assertThat(scores.values("logits")).containsExactly(GoldenBundle.LOGITS, CLOSE);
        assertThat(scorer.ledger().total()).isZero();
      }
    }
  }

  @Test
  void arrowColumnsOfAnyNumbersAreFoundByTheNamesOfTraining() {
    Float8Vector a = new Float8Vector("a", memory);
    Float4Vector b = new Float4Vector("b", memory);
    IntVector c = new IntVector("c", memory);
    Float8Vector d = new Float8Vector("d", memory);
    try (VectorSchemaRoot batch = new VectorSchemaRoot(List.of(d, c, b, a))) {
      for (int row = 0; row < 5; row++) {
        float[] values = GoldenBundle.ROWS[row];
        if (!Float.isNaN(values[0])) {
          a.setSafe(row, values[0]);
        }
        if (!Float.isNaN(values[1])) {
          b.setSafe(row, values[1]);
        }
        if (!Float.isNaN(values[2])) {
          c.setSafe(row, (int) values[2]);
        }
        d.setSafe(row, values[3]);
      }
      batch.setRowCount(5);

      assertThat(scorer.score(batch).values("logits")).containsExactly(GoldenBundle.LOGITS, CLOSE);
    }
  }

  @Test
  void missingNumbersAreRefusedWhereTrainingAllowedNone() {
    float[][] rows = {{1, 2, 3, 4}, {1, 2, 3, Float.NaN}};

    assertThatThrownBy(() -> scorer.score(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "input 'x' must have finite numbers, as in training, but row 1 has NaN at element 3");
  }

  @Test
  void arraysThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> scorer.score(Map.of("x", new double[1][4])))
        .hasMessage(
            "input 'x' takes float[][] of rows of 4 elements, or all of them in one array, but was given: double[][] of length 1");
    assertThatThrownBy(() -> scorer.score(new float[][] {{1, 2, 3}}))
        .hasMessage("input 'x' must have 4 elements a row, but row 0 had: 3");
    assertThatThrownBy(() -> scorer.score(Map.of("y", new float[1][4])))
        .hasMessage("arrays must be given for the inputs [x], but were for: [y]");
    try (VectorSchemaRoot batch = new VectorSchemaRoot(List.of(new IntVector("q", memory)))) {
      assertThatThrownBy(() -> scorer.score(batch))
          .hasMessage("a batch must have a vector 'x' or the numbers [a, b, c, d], but has: [q]");
    }
  }

  @Test
  void inDeterministicModeARowsScoresDoNotDependOnItsCompany() throws IOException {
    float[][] rows = rows(517);
    try (Scorer exact = new Scorer(Bundle.open(GoldenBundle.directory()), DETERMINISTIC)) {
      float[] together = exact.score(rows).values("logits");
      for (int size : new int[] {1, 3, 64, 65, 200}) {
        float[] apart = new float[together.length];
        for (int from = 0; from < rows.length; from += size) {
          float[][] part = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + size));
          float[] logits = exact.score(part).values("logits");
          System.arraycopy(logits, 0, apart, 3 * from, logits.length);
        }
        assertThat(apart).isEqualTo(together);
      }
    }
  }

  @Test
  void anyNumberOfThreadsShareASession() throws Exception {
    float[][] rows = rows(300);
    float[] alone = scorer.score(rows).values("logits");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        results.add(threads.submit(() -> scorer.score(rows).values("logits")));
      }
      for (Future<float[]> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aClosedScorerRefusesToScore() {
    scorer.close();

    assertThatThrownBy(() -> scorer.score(new float[][] {{1, 2, 3, 4}}))
        .isInstanceOf(IllegalStateException.class);
  }

  private static float[][] rows(int count) {
    Random random = new Random(3);
    float[][] rows = new float[count][4];
    for (float[] row : rows) {
      for (int i = 0; i < 4; i++) {
        row[i] = random.nextFloat() * 5;
      }
    }
    return rows;
  }
}
