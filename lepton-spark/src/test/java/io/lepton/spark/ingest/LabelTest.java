package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class LabelTest {
  private final SparkSession spark = Cluster.local();

  @Test
  void aClassOfEachPixelComesOutOfBytes() {
    DataBinding binding = bind("X'00010203'", LabelSpec.dense("y", 4, List.of(2, 2)));

    assertThat(binding.label(binding.resolved().labels().get(0)))
        .isEqualTo(new ColumnSpec("label", ElementType.UINT8, List.of(2, 2)));
    assertThat(ingest("X'00010203'", binding)).containsExactly("x=[1.0] label=[0, 1, 2, 3]");
  }

  @Test
  void aClassOfEachPixelComesOutOfAnArray() {
    DataBinding binding = bind("array(0, 1, 2, 3)", LabelSpec.dense("y", 4, List.of(2, 2)));

    assertThat(binding.label(binding.resolved().labels().get(0)))
        .isEqualTo(new ColumnSpec("label", ElementType.INT32, List.of(2, 2)));
    assertThat(ingest("array(0, 1, 2, 3)", binding)).containsExactly("x=[1.0] label=[0, 1, 2, 3]");
  }

  @Test
  void manyNumbersAreRegressed() {
    DataBinding binding = bind("array(0.5D, 1e10D)", LabelSpec.dense("y", 0, List.of(2)));

    assertThat(binding.label(binding.resolved().labels().get(0)))
        .isEqualTo(new ColumnSpec("label", ElementType.FLOAT32, List.of(2)));
    assertThat(ingest("array(0.5D, 1e10D)", binding))
        .containsExactly("x=[1.0] label=[0.5, 1.0E10]");
  }

  @Test
  void classesBeyondTheLastAreDefects() {
    assertThat(defect("X'00010204'", LabelSpec.dense("y", 4, List.of(2, 2))))
        .isEqualTo(
            new Defect(
                "y", "classes must be whole numbers from 0 to 3", 1, 0, 0, "4 at element 3"));
    assertThat(defect("array(0, -1)", LabelSpec.dense("y", 4, List.of(2))))
        .isEqualTo(
            new Defect(
                "y", "classes must be whole numbers from 0 to 3", 1, 0, 0, "-1 at element 1"));
    assertThat(defect("4.0D", LabelSpec.of("y", 4)))
        .isEqualTo(new Defect("y", "classes must be whole numbers from 0 to 3", 1, 0, 0, "4.0"));
  }

  @Test
  void labelsOfAnotherLengthAreDefects() {
    assertThat(defect("X'0001'", LabelSpec.dense("y", 4, List.of(2, 2))))
        .isEqualTo(new Defect("y", "binary must have 4 bytes", 1, 0, 0, "2 bytes"));
    assertThat(defect("array(1)", LabelSpec.dense("y", 4, List.of(2, 2))))
        .isEqualTo(new Defect("y", "arrays must have 4 elements", 1, 0, 0, "1 elements"));
  }

  @Test
  void aLabelOfAShapeMustHoldManyNumbers() {
    assertThatThrownBy(() -> bind("1.0D", LabelSpec.dense("y", 0, List.of(2))))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "data.label: column 'y' must be an array of numbers to give labels of shape [2], but"
                + " was: double; take another, or leave out the shape");
    assertThatThrownBy(() -> bind("'a'", LabelSpec.dense("y", 3, List.of(2))))
        .hasMessage(
            "data.label: column 'y' must be an array of numbers or binary to give labels of shape"
                + " [2], but was: string; take another, or leave out the shape");
  }

  @Test
  void aColumnOfManyNumbersNeedsAShape() {
    assertThatThrownBy(() -> bind("array(1.0D, 2.0D)", LabelSpec.of("y", 0)))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "data.label: column 'y' must be a number, but was: array<double>; say how many it"
                + " holds, such as shape = [3], or take another");
  }

  private DataBinding bind(String label, LabelSpec spec) {
    DataSpec data =
        new DataSpec(
            List.of(InputSpec.numbers("x", List.of("x"), ElementType.FLOAT32, List.of())),
            spec,
            null);
    return DataBinding.bind(data, data(label).schema());
  }

  private Dataset<Row> data(String label) {
    return spark.range(0, 1, 1, 1).selectExpr("1.0D as x", label + " as y");
  }

  private List<String> ingest(String label, DataBinding binding) {
    try (Ingest ingest =
        Ingest.whole("the data", data(label), binding, 1, 1, ShardStorage.OF_SPARK)) {
      return ShardText.of(ingest.training(), binding.columns()).get(0);
    }
  }

  private Defect defect(String label, LabelSpec spec) {
    return catchThrowableOfType(
            DataException.class,
            () ->
                Ingest.whole(
                    "the data", data(label), bind(label, spec), 1, 1, ShardStorage.OF_SPARK))
        .defects()
        .get(0);
  }
}
