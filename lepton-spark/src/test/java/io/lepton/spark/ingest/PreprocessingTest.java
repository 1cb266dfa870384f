package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.lepton.tf.model.Transform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static final NumberOptions OPTIONS =
      new NumberOptions(
          Missing.MASK,
          Filling.MEDIAN,
          0.1,
          Double.NEGATIVE_INFINITY,
          7,
          true,
          Normalization.ROBUST);
  private static final Preprocessing EVERYTHING =
      new Preprocessing(
          new DataSpec(
              List.of(
                  new InputSpec(
                      "numbers",
                      List.of("a", "b"),
                      new InputKind.Numbers(
                          null, List.of(), OPTIONS, Map.of("b", NumberOptions.PLAIN))),
                  new InputSpec(
                      "sequence",
                      List.of("s"),
                      new InputKind.Sequence(ElementType.FLOAT32, 5, 2, -1, Missing.FILL)),
                  new InputSpec(
                      "image",
                      List.of("i"),
                      new InputKind.Image(
                          List.of(2, 3, 1), ImageEncoding.ENCODED, Missing.DROP_ROW)),
                  new InputSpec(
                      "categories",
                      List.of("c", "d"),
                      new InputKind.Categories(10, 2, 0, true, Missing.FILL)),
                  new InputSpec(
                      "text", List.of("t"), new InputKind.Text(20, 100, 1, 0, true, Missing.FAIL))),
              new LabelSpec("y", 3, List.of(4, 4)),
              "w"),
          new Fitting(
              Map.of("a", "double", "b", "float", "c", "string"),
              List.of(
                  new FittedInput(
                      "numbers",
                      List.of(
                          new Transform.Fill(List.of(0.1, 1 / 3.0), List.of(0, 1)),
                          new Transform.Clip(List.of(-1.0), List.of(1e300)),
                          new Transform.Log(List.of(0)),
                          new Transform.Scale(List.of(0.0), List.of(0.3))),
                      List.of()),
                  new FittedInput(
                      "categories",
                      List.of(new Transform.OneHot(List.of(3, 2))),
                      List.of(List.of("é", "\"\\\n"), List.of("1"))))));

  @Test
  void whatIsWrittenReadsBackEqual() {
    assertThat(Preprocessing.fromJson(EVERYTHING.toJson())).isEqualTo(EVERYTHING);
  }

  @Test
  void kindsHaveNames() {
    assertThat(EVERYTHING.toJson())
        .contains(
            "\"kind\" : \"numbers\"",
            "\"kind\" : \"categories\"",
            "\"kind\" : \"one-hot\"",
            "\"column_types\"");
  }

  @Test
  void whatIsNoPreprocessingIsRefused() {
    assertThatThrownBy(() -> Preprocessing.fromJson("{\"data\": 3}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("preprocessing must be JSON as a bundle holds it, but: ");
  }
}
