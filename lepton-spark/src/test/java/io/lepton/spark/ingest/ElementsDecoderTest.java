package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays and vectors of one length. */
class ElementsDecoderTest {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final DataType INTS = DataTypes.createArrayType(DataTypes.IntegerType);
  private static final DataType VECTORS = SQLDataTypes.VectorType();

  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void arraysOfAnyNumbersArrive() {
    assertThat(ingest(FLOATS, ElementType.FLOAT32, Missing.FAIL, array(1f, 2f, 3f)).rows())
        .containsExactly("x=[1.0, 2.0, 3.0]");
    assertThat(ingest(DOUBLES, ElementType.FLOAT64, Missing.FAIL, array(1e300, 2.0, 0.1)).rows())
        .containsExactly("x=[1.0E300, 2.0, 0.1]");
    assertThat(ingest(DOUBLES, ElementType.FLOAT32, Missing.FAIL, array(1.0, 2.0, 0.1)).rows())
        .containsExactly("x=[1.0, 2.0, 0.1]");
    assertThat(ingest(INTS, ElementType.UINT8, Missing.FAIL, array(1, 2, 255)).rows())
        .containsExactly("x=[1, 2, 255]");
  }

  @Test
  void oneMissingElementAnywhereIsFound() {
    for (int width : new int[] {1, 2, 3, 784, 785}) {
      for (int at : new int[] {0, width / 2, width - 1}) {
        assertThat(defects(width, at, Float.NEGATIVE_INFINITY))
            .containsExactly(
                new Defect("x", "values must be finite", 1, 0, 0, "-Infinity at element " + at));
        assertThat(defects(width, at, null))
            .containsExactly(new Defect("x", Rule.NOT_NULL, 1, 0, 0, "null at element " + at));
      }
    }
  }

  private List<Defect> defects(int width, int at, Float missing) {
    Float[] values = new Float[width];
    Arrays.setAll(values, i -> i == at ? missing : (Float) (float) -i);
    return Ingested.of(
            spark,
            directory,
            Ingested.schema("x", FLOATS),
            List.of(RowFactory.create(0, values)),
            input(ElementType.FLOAT32, List.of(width), Missing.FAIL))
        .defects();
  }

  @Test
  void missingElementsAreStoredAsNan() {
    assertThat(
            ingest(
                    FLOATS,
                    ElementType.FLOAT32,
                    Missing.FILL,
                    array(1f, null, 3f),
                    array(Float.NaN, 2f, Float.POSITIVE_INFINITY),
                    null)
                .rows())
        .containsExactly("x=[1.0, NaN, 3.0]", "x=[NaN, 2.0, NaN]", "x=[NaN, NaN, NaN]");
  }

  @Test
  void rowsOfMissingElementsAreLeftOut() {
    assertThat(
            ingest(
                    FLOATS,
                    ElementType.FLOAT32,
                    Missing.DROP_ROW,
                    array(1f, null, 3f),
                    array(Float.NaN, 2f, 3f),
                    null,
                    array(4f, 5f, 6f))
                .rows())
        .containsExactly("x=[4.0, 5.0, 6.0]");
  }

  @Test
  void denseAndSparseVectorsArrive() {
    assertThat(
            ingest(
                    VECTORS,
                    ElementType.FLOAT32,
                    Missing.FAIL,
                    Vectors.dense(1, 2, 3),
                    Vectors.sparse(3, new int[] {1}, new double[] {5}),
                    Vectors.sparse(3, new int[0], new double[0]))
                .rows())
        .containsExactly("x=[1.0, 2.0, 3.0]", "x=[0.0, 5.0, 0.0]", "x=[0.0, 0.0, 0.0]");
  }

  @Test
  void vectorsOfAnotherSizeAreDefects() {
    assertThat(
            ingest(
                    VECTORS,
                    ElementType.FLOAT32,
                    Missing.FAIL,
                    Vectors.dense(1, 2, 3),
                    Vectors.dense(1, 2),
                    Vectors.sparse(4, new int[] {3}, new double[] {5}))
                .defects())
        .containsExactly(new Defect("x", "vectors must have size 3", 2, 0, 1, "size 2"));
  }

  @Test
  void missingElementsOfVectorsAreStoredAsNan() {
    assertThat(
            ingest(
                    VECTORS,
                    ElementType.FLOAT32,
                    Missing.FILL,
                    Vectors.dense(1, Double.NaN, 3),
                    Vectors.sparse(3, new int[] {2}, new double[] {Double.NaN}),
                    null)
                .rows())
        .containsExactly("x=[1.0, NaN, 3.0]", "x=[0.0, 0.0, NaN]", "x=[NaN, NaN, NaN]");
  }

  private static Object array(Object... values) {
    return values;
  }

  private Ingested ingest(DataType type, ElementType stored, Missing missing, Object... cells) {
    List<Row> rows =
        IntStream.range(0, cells.length).mapToObj(i -> RowFactory.create(i, cells[i])).toList();
    return Ingested.of(
        spark, directory, Ingested.schema("x", type), rows, input(stored, List.of(3), missing));
  }

  private static InputSpec input(ElementType type, List<Integer> shape, Missing missing) {
    NumberOptions options =
        new NumberOptions(
            missing,
            Filling.CONSTANT,
            0,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            false,
            Normalization.NONE);
    return new InputSpec("x", List.of("x"), new InputKind.Numbers(type, shape, options, Map.of()));
  }
}
