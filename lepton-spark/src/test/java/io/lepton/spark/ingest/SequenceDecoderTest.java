package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceDecoderTest {
  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void arraysAreCutAndPaddedAndTheirStepsMasked() {
    assertThat(ingest(3, 1, Missing.FAIL, floats(), floats(1f), floats(1f, 2f, 3f, 4f)).rows())
        .containsExactly(
            "x=[-1.0, -1.0, -1.0] x.mask=[0, 0, 0]",
            "x=[1.0, -1.0, -1.0] x.mask=[1, 0, 0]",
            "x=[1.0, 2.0, 3.0] x.mask=[1, 1, 1]");
  }

  @Test
  void stepsOfManyElementsStayTogether() {
    Ingested ingested = ingest(2, 2, Missing.FAIL, floats(1f, 2f), floats(1f, 2f, 3f, 4f, 5f, 6f));

    assertThat(ingested.rows())
        .containsExactly(
            "x=[1.0, 2.0, -1.0, -1.0] x.mask=[1, 0]", "x=[1.0, 2.0, 3.0, 4.0] x.mask=[1, 1]");
    assertThat(ingested.binding().columns().get(0).shape()).containsExactly(2, 2);
  }

  @Test
  void anArrayThatEndsWithinAStepIsADefect() {
    assertThat(ingest(2, 2, Missing.FAIL, floats(1f, 2f, 3f)).defects())
        .containsExactly(
            new Defect("x", "arrays must have a multiple of 2 elements", 1, 0, 0, "3 elements"));
  }

  @Test
  void whatIsMissingIsADefectWhereNothingMayBe() {
    assertThat(ingest(2, 1, Missing.FAIL, null, floats(1f, null), floats(Float.NaN)).defects())
        .containsExactly(
            new Defect("x", "values must be finite", 1, 0, 2, "NaN at element 0"),
            new Defect("x", "values must not be null", 2, 0, 0, "null"));
  }

  @Test
  void paddingTakesThePlaceOfMissingElements() {
    assertThat(ingest(2, 1, Missing.FILL, null, floats(1f, null), floats(Float.NaN)).rows())
        .containsExactly(
            "x=[-1.0, -1.0] x.mask=[0, 0]",
            "x=[1.0, -1.0] x.mask=[1, 1]",
            "x=[-1.0, -1.0] x.mask=[1, 0]");
  }

  @Test
  void aMaskedStepIsOneThatWasNotThere() {
    assertThat(ingest(2, 2, Missing.MASK, floats(1f, null, 3f, 4f)).rows())
        .containsExactly("x=[-1.0, -1.0, 3.0, 4.0] x.mask=[0, 1]");
  }

  @Test
  void rowsOfMissingElementsAreLeftOut() {
    assertThat(ingest(2, 1, Missing.DROP_ROW, null, floats(1f, null), floats(1f)).rows())
        .containsExactly("x=[1.0, -1.0] x.mask=[1, 0]");
  }

  private static Float[] floats(Float... values) {
    return values;
  }

  private Ingested ingest(int length, int width, Missing missing, Float[]... arrays) {
    List<Row> rows =
        IntStream.range(0, arrays.length)
            .mapToObj(i -> RowFactory.create(i, (Object) arrays[i]))
            .toList();
    return Ingested.of(
        spark,
        directory,
        Ingested.schema("x", DataTypes.createArrayType(DataTypes.FloatType)),
        rows,
        new InputSpec(
            "x",
            List.of("x"),
            new InputKind.Sequence(ElementType.FLOAT32, length, width, -1, missing)));
  }
}
