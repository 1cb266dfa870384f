package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.ModelInput;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class DataBindingTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.IntegerType)
          .add("f1", DataTypes.FloatType)
          .add("f0", DataTypes.DoubleType)
          .add("image", DataTypes.BinaryType)
          .add("vector", DataTypes.createArrayType(DataTypes.FloatType))
          .add("words", DataTypes.createArrayType(DataTypes.StringType))
          .add("name", DataTypes.StringType)
          .add("weight", DataTypes.FloatType);
  private static final String THERE_ARE = "label, f1, f0, image, vector, words, name, weight";

  @Test
  void groupsTakeTheOrderOfTheSchema() {
    DataBinding binding = bind("weight", input("x", ElementType.FLOAT32, List.of(), "f*"));

    assertThat(binding.sources()).containsExactly("label", "f1", "f0", "weight");
    assertThat(binding.columns())
        .containsExactly(
            new ColumnSpec("x", ElementType.FLOAT32, List.of(2)),
            new ColumnSpec("label", ElementType.INT32, List.of()),
            new ColumnSpec("weight", ElementType.FLOAT32, List.of()));
    assertThat(binding.inputs()).containsExactly(ModelInput.raw(binding.columns().get(0)));
    assertThat(binding.label()).isEqualTo(binding.columns().get(1));
    assertThat(binding.weighted()).isTrue();
  }

  @Test
  void theResolvedSpecificationKeepsTheOrderForAnotherSchema() {
    DataBinding binding = bind(null, input("x", ElementType.FLOAT32, List.of(), "f*"));
    StructType reordered =
        new StructType()
            .add("f0", DataTypes.DoubleType)
            .add("f1", DataTypes.FloatType)
            .add("label", DataTypes.IntegerType);

    assertThat(binding.resolved().inputs().get(0).columns()).containsExactly("f1", "f0");
    assertThat(DataBinding.bind(binding.resolved(), reordered).columns())
        .isEqualTo(binding.columns());
  }

  @Test
  void aPatternTakesNeitherLabelNorWeight() {
    StructType numbers =
        new StructType()
            .add("a", DataTypes.FloatType)
            .add("label", DataTypes.IntegerType)
            .add("weight", DataTypes.FloatType);
    DataSpec spec =
        new DataSpec(
            List.of(input("x", ElementType.FLOAT32, List.of(), "*")),
            new LabelSpec("label", 2),
            "weight");

    assertThat(DataBinding.bind(spec, numbers).inputs())
        .containsExactly(ModelInput.raw(new ColumnSpec("x", ElementType.FLOAT32, List.of(1))));
  }

  @Test
  void anInputOfNoColumnsIsRefused() {
    assertRefused(
        input("x", ElementType.FLOAT32, List.of()),
        "data.inputs.x: columns must name at least one column, but there are none");
  }

  @Test
  void aLabelToRegressIsFloat() {
    DataSpec spec =
        new DataSpec(
            List.of(input("x", ElementType.FLOAT32, List.of(), "f0")),
            new LabelSpec("f1", 0),
            null);

    DataBinding binding = DataBinding.bind(spec, SCHEMA);

    assertThat(binding.label()).isEqualTo(new ColumnSpec("label", ElementType.FLOAT32, List.of()));
    assertThat(binding.weighted()).isFalse();
  }

  @Test
  void aMissingColumnIsToldWithTheNearest() {
    assertRefused(
        input("x", ElementType.UINT8, List.of(2, 2, 1), "imgae"),
        "data.inputs.x: there is no column 'imgae'; the nearest is 'image', of: " + THERE_ARE);
  }

  @Test
  void aGroupWithoutColumnsIsRefused() {
    assertRefused(
        input("x", ElementType.FLOAT32, List.of(), "g*"),
        "data.inputs.x: no column starts with 'g'; there are: " + THERE_ARE);
  }

  @Test
  void allMissingColumnsAreToldAtOnce() {
    DataSpec spec =
        new DataSpec(
            List.of(
                input("x", ElementType.FLOAT32, List.of(), "f2", "q*"),
                input("y", ElementType.FLOAT32, List.of(3), "vectors")),
            new LabelSpec("lable", 2),
            "wait");

    assertThatThrownBy(() -> DataBinding.bind(spec, SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            String.join(
                "\n",
                "data.inputs.x: there is no column 'f2'; the nearest is 'f1', of: " + THERE_ARE,
                "data.inputs.x: no column starts with 'q'; there are: " + THERE_ARE,
                "data.inputs.y: there is no column 'vectors'; the nearest is 'vector', of: "
                    + THERE_ARE,
                "data.label: there is no column 'lable'; the nearest is 'label', of: " + THERE_ARE,
                "data.weight-column: there is no column 'wait'; the nearest is 'name', of: "
                    + THERE_ARE));
  }

  @Test
  void allWrongTypesAreToldAtOnce() {
    DataSpec spec =
        new DataSpec(
            List.of(
                input("text", ElementType.FLOAT32, List.of(), "name", "f0"),
                input("bytes", ElementType.INT32, List.of(), "f1")),
            new LabelSpec("image", 2),
            "vector");

    assertThatThrownBy(() -> DataBinding.bind(spec, SCHEMA))
        .isInstanceOfSatisfying(
            SchemaException.class, refused -> assertThat(refused.problems()).hasSize(4))
        .hasMessage(
            String.join(
                "\n",
                "data.inputs.text: column 'name' must be a number, but was: string; cast it, or"
                    + " take another",
                "data.inputs.bytes: column 'f1' is float and does not fit type int32; use type ="
                    + " float32",
                "data.label: column 'image' must be a number, but was: binary; cast it, or take"
                    + " another",
                "data.weight-column: column 'vector' must be a number, but was: array<float>; cast"
                    + " it, or take another"));
  }

  @Test
  void binaryIsNoNumber() {
    assertRefused(
        input("x", ElementType.UINT8, List.of(), "image"),
        "data.inputs.x: column 'image' must be a number, but was: binary; cast it, or take"
            + " another");
  }

  @Test
  void anArrayNeedsNumbersAndAShape() {
    String rule = "column '%s' makes an input on its own, of numbers and with a shape, but it was ";
    assertRefused(
        input("x", ElementType.FLOAT32, List.of(), "vector"),
        "data.inputs.x: array "
            + rule.formatted("vector")
            + "array<float>, columns [vector] and shape []");
    assertRefused(
        input("x", ElementType.FLOAT32, List.of(2), "words"),
        "data.inputs.x: array "
            + rule.formatted("words")
            + "array<string>, columns [words] and shape [2]");
    assertRefused(
        input("x", ElementType.UINT8, List.of(2), "vector"),
        "data.inputs.x: column 'vector' is array<float> and does not fit type uint8; use type ="
            + " float32");
  }

  @Test
  void aShapeMustTakeAllColumns() {
    assertRefused(
        input("x", ElementType.FLOAT32, List.of(3), "f*"),
        "data.inputs.x: shape [3] takes 3 columns, but there are 2: [f1, f0]");
  }

  private static void assertRefused(InputSpec input, String message) {
    assertThatThrownBy(() -> bind(null, input))
        .isInstanceOf(SchemaException.class)
        .hasMessage(message);
  }

  private static DataBinding bind(String weight, InputSpec input) {
    return DataBinding.bind(
        new DataSpec(List.of(input), new LabelSpec("label", 2), weight), SCHEMA);
  }

  private static InputSpec input(
      String name, ElementType type, List<Integer> shape, String... columns) {
    return InputSpec.numbers(name, List.of(columns), type, shape);
  }
}
