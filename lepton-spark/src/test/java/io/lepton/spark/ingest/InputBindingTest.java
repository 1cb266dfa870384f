package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import io.lepton.tf.model.ModelInput;
import io.lepton.tf.model.Transform;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What each kind of input makes of columns, and which it refuses. */
class InputBindingTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double LARGEST = Float.MAX_VALUE;
  private static final StructType SCHEMA =
      new StructType()
          .add("int", DataTypes.IntegerType)
          .add("real", DataTypes.DoubleType)
          .add("time", DataTypes.TimestampType)
          .add("name", DataTypes.StringType)
          .add("blob", DataTypes.BinaryType)
          .add("array", DataTypes.createArrayType(DataTypes.FloatType))
          .add("vector", SQLDataTypes.VectorType())
          .add("y", DataTypes.IntegerType);

  @Test
  void timesMakeFloat64UnlessAnotherTypeIsAskedFor() {
    assertThat(bind(numbers(null, NumberOptions.PLAIN, "real", "time")).columns().get(0).type())
        .isEqualTo(ElementType.FLOAT64);
    assertThat(bind(numbers(null, NumberOptions.PLAIN, "real", "int")).columns().get(0).type())
        .isEqualTo(ElementType.FLOAT32);
    assertThat(
            bind(numbers(ElementType.FLOAT32, NumberOptions.PLAIN, "time")).columns().get(0).type())
        .isEqualTo(ElementType.FLOAT32);
  }

  @Test
  void plainNumbersAreSeenAsTheyAreStored() {
    assertThat(bind(numbers(null, NumberOptions.PLAIN, "real", "int")).inputs())
        .containsExactly(ModelInput.raw(new ColumnSpec("x", ElementType.FLOAT32, List.of(2))));
  }

  @Test
  void indicatorsComeAfterTheNumbersAndAreLeftAlone() {
    NumberOptions options =
        new NumberOptions(
            Missing.MASK, Filling.CONSTANT, 5, 0, INFINITY, true, Normalization.STANDARD);
    InputSpec input =
        new InputSpec(
            "x",
            List.of("real", "int"),
            new InputKind.Numbers(null, List.of(), options, Map.of("int", NumberOptions.PLAIN)));

    ModelInput planned = bind(input).inputs().get(0);

    assertThat(planned.transforms())
        .containsExactly(
            new Transform.Fill(List.of(5.0, 0.0), List.of(0)),
            new Transform.Clip(
                List.of(0.0, -LARGEST, -LARGEST), List.of(LARGEST, LARGEST, LARGEST)),
            new Transform.Log(List.of(0)),
            new Transform.Scale(List.of(0.0), List.of(1.0)));
    assertThat(planned.outputShape()).containsExactly(3);
  }

  @Test
  void wholeNumbersAreFilledWhenStoredAndNotAgain() {
    assertThat(
            bind(numbers(ElementType.INT32, missing(Missing.FILL, Filling.CONSTANT, -1), "int"))
                .inputs()
                .get(0)
                .transforms())
        .isEmpty();
  }

  @Test
  void aSequenceBringsItsMask() {
    assertThat(bind(sequence(ElementType.FLOAT32, 4, 3, 0, "array")).columns().subList(0, 2))
        .containsExactly(
            new ColumnSpec("x", ElementType.FLOAT32, List.of(4, 3)),
            new ColumnSpec("x.mask", ElementType.UINT8, List.of(4)));
    assertThat(bind(sequence(ElementType.FLOAT32, 4, 1, 0, "array")).inputs())
        .containsExactly(
            ModelInput.raw(new ColumnSpec("x", ElementType.FLOAT32, List.of(4))),
            ModelInput.raw(new ColumnSpec("x.mask", ElementType.UINT8, List.of(4))));
  }

  @Test
  void dictionariesArePlannedAtTheirLargest() {
    ModelInput planned = bind(categories(0, Missing.FAIL, "name", "int")).inputs().get(0);

    assertThat(planned.transforms()).containsExactly(new Transform.OneHot(List.of(11, 11)));
    assertThat(bind(categories(7, Missing.FAIL, "name", "int")).inputs().get(0).transforms())
        .containsExactly(new Transform.OneHot(List.of(7, 7)));
  }

  @Test
  void nothingIsIngestedBeforeItIsFitted() {
    assertThatThrownBy(() -> bind(categories(0, Missing.FAIL, "name")).decoders())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("data must be fitted before it is ingested, but was not");
    assertThat(bind(categories(7, Missing.FAIL, "name")).decoders()).hasSize(2);
  }

  @Test
  void aColumnThatHasChangedItsTypeSinceTheTrainingIsRefused() {
    DataBinding trained = bind(numbers(null, NumberOptions.PLAIN, "real", "int", "time"));
    Fitting fitting = new Fitting(trained.types(), List.of(FittedInput.of("x", List.of())));
    StructType changed =
        new StructType()
            .add("int", DataTypes.LongType)
            .add("real", DataTypes.FloatType)
            .add("time", DataTypes.TimestampType)
            .add("y", DataTypes.DoubleType);
    DataBinding other = DataBinding.bind(trained.resolved(), changed);

    assertThat(trained.fitted(fitting).columns()).isEqualTo(trained.columns());
    assertThatThrownBy(() -> other.fitted(fitting))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column 'real' must be double, as it was in the training set, but was: float; cast it,"
                + " or train again\n"
                + "column 'int' must be int, as it was in the training set, but was: bigint; cast"
                + " it, or train again");
  }

  @Test
  void aFittingOfOtherInputsIsRefused() {
    DataBinding binding = bind(numbers(null, NumberOptions.PLAIN, "real"));

    assertThatThrownBy(() -> binding.fitted(new Fitting(Map.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a fitting must be of inputs [x], but was of: []");
  }

  @Test
  void wholeNumbersCannotBeMaskedOrFilledWithAMean() {
    String rule =
        "type must be float32 or float64 to mask missing values or to fill them with a mean or"
            + " median, but was: int32; use type = float32";
    assertRefused(
        numbers(ElementType.INT32, missing(Missing.MASK, Filling.CONSTANT, 0), "int"), rule);
    assertRefused(numbers(ElementType.INT32, missing(Missing.FILL, Filling.MEAN, 0), "int"), rule);
    assertRefused(
        numbers(ElementType.UINT8, missing(Missing.FILL, Filling.CONSTANT, -1), "int"),
        "uint8 values must be whole numbers from 0 to 255, but the one to fill with was: -1.0; use"
            + " another, or type = float32");
  }

  @Test
  void optionsOfSingleColumnsNeedSuchColumns() {
    Map<String, NumberOptions> overrides =
        Map.of("q", NumberOptions.PLAIN, "real", NumberOptions.PLAIN);
    assertRefused(
        new InputSpec(
            "x",
            List.of("real", "int"),
            new InputKind.Numbers(null, List.of(), NumberOptions.PLAIN, overrides)),
        "options of single columns must be for scalar columns in a row, but were for [q, real] in"
            + " shape [2] of columns [real, int]; leave them out");
    assertRefused(
        new InputSpec(
            "x",
            List.of("real", "int"),
            new InputKind.Numbers(
                null, List.of(1, 2), NumberOptions.PLAIN, Map.of("real", NumberOptions.PLAIN))),
        "options of single columns must be for scalar columns in a row, but were for [real] in"
            + " shape [1, 2] of columns [real, int]; leave them out");
  }

  @Test
  void aVectorNeedsAShape() {
    assertRefused(
        numbers(null, NumberOptions.PLAIN, "vector"),
        "vector column 'vector' makes an input on its own, of numbers and with a shape, but it was"
            + " vector, columns [vector] and shape []");
  }

  @Test
  void aSequenceNeedsOneColumnOfArraysThatFit() {
    assertRefused(
        sequence(ElementType.FLOAT32, 4, 1, 0, "real"),
        "a sequence must be one column of arrays of numbers that fit type float32, but was: [real]"
            + " of [double]; take one such column");
    assertRefused(
        sequence(ElementType.INT32, 4, 1, 0, "array"),
        "a sequence must be one column of arrays of numbers that fit type int32, but was: [array]"
            + " of [array<float>]; take one such column");
    assertRefused(
        sequence(ElementType.FLOAT32, 4, 1, Double.NaN, "array"),
        "values must be finite, but padding was: NaN; use another, or type = float32");
  }

  @Test
  void imagesNeedOneBinaryColumnAndThreeDimensions() {
    assertRefused(
        image(List.of(2, 2, 1), ImageEncoding.RAW, Missing.FAIL, "name"),
        "images must be one binary column, but were: [name] of [string]; take one such column");
    assertRefused(
        image(List.of(2, 2), ImageEncoding.RAW, Missing.FAIL, "blob"),
        "shape must be [height, width, channels], but was: [2, 2]; give all three");
    assertRefused(
        image(List.of(2, 2, 4), ImageEncoding.ENCODED, Missing.FAIL, "blob"),
        "shape must be [height, width, channels] with 1 or 3 channels, but was: [2, 2, 4]; give"
            + " all three");
  }

  @Test
  void onlyNumbersAndSequencesAreMasked() {
    String rule = "missing = mask is for numbers and sequences; use fill, fail or drop-row";
    assertRefused(image(List.of(2, 2, 1), ImageEncoding.RAW, Missing.MASK, "blob"), rule);
    assertRefused(categories(0, Missing.MASK, "name"), rule);
    assertRefused(text(Missing.MASK, "name"), rule);
  }

  @Test
  void categoriesAreTextOrWholeNumbers() {
    assertRefused(
        categories(0, Missing.FAIL, "name", "real"),
        "column 'real' must be text or whole numbers, but was: double; cast it, or take another");
  }

  @Test
  void textIsOneColumnOfStrings() {
    assertRefused(
        text(Missing.FAIL, "int"),
        "text must be one string column, but was: [int] of [int]; take one such column");
  }

  private static void assertRefused(InputSpec input, String problem) {
    assertThatThrownBy(() -> bind(input))
        .isInstanceOf(SchemaException.class)
        .hasMessage("data.inputs.x: " + problem);
  }

  private static DataBinding bind(InputSpec input) {
    return DataBinding.bind(new DataSpec(List.of(input), new LabelSpec("y", 0), null), SCHEMA);
  }

  private static NumberOptions missing(Missing missing, Filling filling, double constant) {
    return new NumberOptions(
        missing, filling, constant, -INFINITY, INFINITY, false, Normalization.NONE);
  }

  private static InputSpec numbers(ElementType type, NumberOptions options, String... columns) {
    return new InputSpec(
        "x", List.of(columns), new InputKind.Numbers(type, List.of(), options, Map.of()));
  }

  private static InputSpec sequence(
      ElementType type, int length, int width, double padding, String column) {
    return new InputSpec(
        "x", List.of(column), new InputKind.Sequence(type, length, width, padding, Missing.FAIL));
  }

  private static InputSpec image(
      List<Integer> shape, ImageEncoding encoding, Missing missing, String column) {
    return new InputSpec("x", List.of(column), new InputKind.Image(shape, encoding, missing));
  }

  private static InputSpec categories(int buckets, Missing missing, String... columns) {
    return new InputSpec(
        "x", List.of(columns), new InputKind.Categories(10, 1, buckets, true, missing));
  }

  private static InputSpec text(Missing missing, String column) {
    return new InputSpec("x", List.of(column), new InputKind.Text(5, 10, 1, 0, true, missing));
  }
}
