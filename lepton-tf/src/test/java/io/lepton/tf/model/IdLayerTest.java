package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.ids;
import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class IdLayerTest {
  @Test
  void embeddingIsTheRowOfEachId() {
    float[] table = {0, 1, 10, 11, 20, 21};
    assertThat(
            LocalLayer.run(
                new IdLayer.Embedding(3, 2),
                List.of(ids(List.of(2), 2, 0, 1, 1)),
                Map.of("embedding_0/embeddings", table)))
        .containsExactly(20, 21, 0, 1, 10, 11, 10, 11);
  }

  @Test
  void embeddingOfAScalarIsAVector() {
    assertThat(
            LocalLayer.run(
                new IdLayer.Embedding(2, 3),
                List.of(ids(List.of(), 1, 0)),
                Map.of("embedding_0/embeddings", new float[] {1, 2, 3, 4, 5, 6})))
        .containsExactly(4, 5, 6, 1, 2, 3);
  }

  @Test
  void notEqualIsOneWhereTheIdIsAnother() {
    assertThat(
            LocalLayer.run(
                new IdLayer.NotEqual(7), List.of(ids(List.of(3), 7, 0, 8, 7, 7, -7)), Map.of()))
        .containsExactly(0, 1, 1, 0, 0, 1);
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT8", "INT32", "INT64"})
  void idsAreOfAnyIntegerType(ElementType type) {
    assertThat(loss(Models.input("id", type), zeroAndTwo(type), 0)).isEqualTo(1);
    assertThat(loss(Models.input("id", type), zeroAndTwo(type), 1)).isEqualTo(9);
  }

  @Test
  void theOnlyIdOfAnExampleCanBeAScalar() {
    ModelInput input =
        new ModelInput(
            new ColumnSpec("id", ElementType.INT32, List.of(1)), List.of(new Transform.Scalar()));
    TInt32 ids = TInt32.tensorOf(Shape.of(2, 1), DataBuffers.of(0, 2));
    assertThat(loss(input, ids, 1)).isEqualTo(9);
  }

  @Test
  void idOutsideTheTableEndsTheStepWithItsNumber() {
    ModelInput input = Models.input("id", ElementType.INT32);
    assertThatThrownBy(() -> loss(input, TInt32.vectorOf(0, 3), 1))
        .isInstanceOf(TFInvalidArgumentException.class)
        .hasMessageContaining("indices[0] = 3 is not in [0, 3)");
  }

  @Test
  void idsThatFloatsCannotTellApartAreTwo() {
    ModelInput input = Models.input("id", ElementType.INT32);
    List<Node> layers =
        List.of(
            Node.of(new IdLayer.NotEqual(16_777_216)),
            Node.of(new Layer.Reshape(List.of(1))),
            Node.of(Models.dense(1)));
    TrainingProgram program = program(input, layers);
    float[] one = new float[(int) program.vectorSize()];
    one[0] = 1;
    try (LocalProgram local = new LocalProgram(program)) {
      local
          .load(List.of(TInt32.vectorOf(16_777_216, 16_777_217), floats(new float[2], 2)))
          .assign(one);
      assertThat(local.evaluate(0)[0]).isZero();
      assertThat(local.evaluate(1)[0]).isEqualTo(1);
    }
  }

  @Test
  void embeddingsStartWithinATwentieth() {
    CompiledModel model =
        ModelCompiler.compile(
            Models.graph(
                List.of(Models.input("id", ElementType.INT32)),
                Node.chain(new IdLayer.Embedding(500, 4), Models.dense(1)),
                Target.of(Models.NUMBER, new Loss.SquaredError())),
            1);
    assertThat(model.program().variables().get(0).name()).isEqualTo("embedding_0/embeddings");
    float[] embeddings = Arrays.copyOf(LocalProgram.vector(model), 2000);
    double squares = 0;
    for (float value : embeddings) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo(0.05f);
      squares += value * value;
    }
    assertThat(squares / 2000).isBetween(0.9 * 0.0025 / 3, 1.1 * 0.0025 / 3);
  }

  /** Of a table of 1, 2, 3 against 0. */
  private static float loss(ModelInput input, Tensor ids, int row) {
    TrainingProgram program =
        program(input, Node.chain(new IdLayer.Embedding(3, 1), Models.dense(1)));
    float[] vector = new float[(int) program.vectorSize()];
    for (int i = 0; i < 3; i++) {
      vector[i] = i + 1;
    }
    vector[16] = 1;
    try (LocalProgram local = new LocalProgram(program)) {
      return local.load(List.of(ids, floats(new float[2], 2))).assign(vector).evaluate(row)[0];
    }
  }

  private static TrainingProgram program(ModelInput input, List<Node> layers) {
    Target target = Target.of(Models.NUMBER, new Loss.SquaredError());
    return ModelCompiler.compile(Models.graph(List.of(input), layers, target), 1).program();
  }

  private static Tensor zeroAndTwo(ElementType type) {
    return switch (type) {
      case UINT8 -> TUint8.vectorOf((byte) 0, (byte) 2);
      case INT32 -> TInt32.vectorOf(0, 2);
      default -> TInt64.vectorOf(0, 2);
    };
  }
}
