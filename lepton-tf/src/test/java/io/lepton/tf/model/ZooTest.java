package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.zoo.Architecture;
import io.lepton.tf.zoo.AutoEncoder;
import io.lepton.tf.zoo.BiLstm;
import io.lepton.tf.zoo.DeepFm;
import io.lepton.tf.zoo.Feature;
import io.lepton.tf.zoo.Mlp;
import io.lepton.tf.zoo.NeuMf;
import io.lepton.tf.zoo.Resnet;
import io.lepton.tf.zoo.SimpleCnn;
import io.lepton.tf.zoo.TextCnn;
import io.lepton.tf.zoo.TransformerEncoder;
import io.lepton.tf.zoo.TwoTower;
import io.lepton.tf.zoo.UNet;
import io.lepton.tf.zoo.WideAndDeep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** Models of the zoo on sixteen examples of two kinds. */
class ZooTest {
  private static final int ROWS = 16;
  private static final int STEPS = 40;
  private static final double RATE = 0.02;
  private static final int SIDE = 8;
  private static final int LENGTH = 6;
  private static final int VOCABULARY = 10;
  private static final List<Integer> ONE = List.of(1);
  private static final List<Integer> PAIR = List.of(2, Loss.ANY);

  private static final Given IMAGE =
      new Given(
          Feature.image("image", SIDE, SIDE, 1),
          Map.of("image", Models.input("image", ElementType.UINT8, SIDE, SIDE, 1)),
          Map.of("image", ZooTest::pixels));
  private static final Given NUMBERS =
      new Given(
          Feature.numbers("numbers", 3),
          Map.of("numbers", Models.input("numbers", ElementType.FLOAT32, 3)),
          Map.of("numbers", () -> floats(numbers(), ROWS, 3)));
  private static final Given WORDS =
      new Given(
          Feature.words("words", VOCABULARY, LENGTH),
          Map.of("words", Models.input("words", ElementType.INT32, LENGTH)),
          Map.of(
              "words",
              () -> ids(LENGTH, (row, at) -> at > row % 4 + 1 ? 0 : 2 + row % 2 + 3 * (at % 2))));
  private static final Given SEQUENCE =
      new Given(
          Feature.sequence("steps", LENGTH, 3),
          Map.of(
              "steps", Models.input("steps", ElementType.FLOAT32, LENGTH, 3),
              "steps.mask", Models.input("steps.mask", ElementType.UINT8, LENGTH)),
          Map.of("steps", ZooTest::steps, "steps.mask", ZooTest::mask));
  private static final Given CATEGORIES =
      new Given(
          Feature.ids("categories", VOCABULARY, 2),
          Map.of("categories", Models.input("categories", ElementType.INT32, 2)),
          Map.of("categories", () -> ids(2, (row, at) -> at == 0 ? row % 8 : row / 8)));
  private static final Given USER = one("user");
  private static final Given ITEM = one("item");

  /**
   * An input and what it is fed.
   *
   * @param columns by name, its mask among them
   * @param values of each column
   */
  private record Given(
      Feature feature,
      Map<String, ModelInput> columns,
      Map<String, Supplier<? extends Tensor>> values) {}

  /** A number of a row and a place in it. */
  private interface Id {
    int at(int row, int place);
  }

  /**
   * A model on data.
   *
   * @param output that it is asked for
   * @param target against the class of each example unless it is another column
   * @param parameters that it learns
   */
  private record Case(
      Architecture architecture,
      List<Given> givens,
      List<Integer> output,
      Target target,
      long parameters) {

    CompiledModel compile() {
      return ModelCompiler.compile(
          new ModelSpec(
              columns().values().stream().toList(),
              List.of(target),
              false,
              architecture.layers(givens.stream().map(Given::feature).toList(), output),
              new Optimizer.Adam(RATE, 0.9, 0.999, 1e-7)),
          3);
    }

    Map<String, ModelInput> columns() {
      Map<String, ModelInput> columns = new TreeMap<>();
      givens.forEach(given -> columns.putAll(given.columns()));
      return columns;
    }

    List<Tensor> chunk() {
      List<Tensor> chunk = new ArrayList<>();
      for (String name : columns().keySet()) {
        givens.stream()
            .map(given -> given.values().get(name))
            .filter(it -> it != null)
            .forEach(it -> chunk.add(it.get()));
      }
      if (columns().values().stream().noneMatch(it -> it.column().equals(target.label()))) {
        chunk.add(label(target.label()));
      }
      return chunk;
    }

    @Override
    public String toString() {
      return architecture + " of " + givens.stream().map(Given::feature).toList();
    }
  }

  static Stream<Case> cases() {
    Mlp mlp = new Mlp(List.of(8), 4, Activation.RELU, 0);
    TextCnn textCnn = new TextCnn(4, 5, List.of(2, 3), 0);
    BiLstm biLstm = new BiLstm(4, 5, 0);
    TransformerEncoder encoder = new TransformerEncoder(8, 2, 2, 16, 0);
    TwoTower towers = new TwoTower(List.of("user"), 4, List.of(6), 5);
    long table = VOCABULARY * 4;
    long block = 2 * 2 * 8 + 4 * dense(8, 8) + dense(8, 16) + dense(16, 8);
    long attended = LENGTH * 8 + 2 * block + 2 * 8 + dense(8, 1);
    long tower = dense(4, 6) + dense(6, 5);
    return Stream.of(
        binary(mlp, table + dense(3 + 2 * 4, 8) + dense(8, 1), CATEGORIES, NUMBERS),
        binary(mlp, dense(SIDE * SIDE, 8) + dense(8, 1), IMAGE),
        binary(mlp, table + dense(4 + 4 * LENGTH, 8) + dense(8, 1), SEQUENCE, WORDS),
        binary(new SimpleCnn(4, 0), 9 * 4 + 4 + dense(3 * 3 * 4, 1), IMAGE),
        binary(
            new Resnet(4, 1, 0),
            convolution(3, 1, 4)
                + 2 * convolution(3, 4, 4)
                + convolution(3, 4, 8)
                + convolution(3, 8, 8)
                + convolution(1, 4, 8)
                + convolution(3, 8, 16)
                + convolution(3, 16, 16)
                + convolution(1, 8, 16)
                + dense(16, 1),
            IMAGE),
        binary(textCnn, table + 2 * 4 * 5 + 5 + 3 * 4 * 5 + 5 + dense(10, 1), WORDS),
        binary(textCnn, 2 * 3 * 5 + 5 + 3 * 3 * 5 + 5 + dense(10, 1), SEQUENCE),
        binary(biLstm, table + 2 * 4 * 5 * (4 + 5 + 1) + dense(10, 1), WORDS),
        binary(biLstm, 2 * 4 * 5 * (3 + 5 + 1) + dense(10, 1), SEQUENCE),
        binary(encoder, VOCABULARY * 8 + attended, WORDS),
        binary(encoder, dense(3, 8) + attended, SEQUENCE),
        new Case(
            towers,
            List.of(ITEM, USER),
            PAIR,
            Target.of(ITEM.columns().get("item").column(), new RankingLoss.InBatchSoftmax(1)),
            2 * (ROWS * 4 + tower)),
        binary(towers, 2 * (ROWS * 4 + tower), ITEM, USER),
        binary(
            new NeuMf(4, List.of(6), 0), 4 * ROWS * 4 + dense(8, 6) + dense(4 + 6, 1), ITEM, USER),
        binary(
            new WideAndDeep(4, List.of(6), 0),
            VOCABULARY + 3 + table + dense(3 + 2 * 4, 6) + dense(6, 1),
            CATEGORIES,
            NUMBERS),
        binary(
            new DeepFm(4, List.of(6), 0),
            VOCABULARY + 3 + table + 3 * 4 + dense(3 * 4, 6) + dense(6, 1),
            CATEGORIES,
            NUMBERS),
        new Case(
            new AutoEncoder(List.of(6), 2, 0),
            List.of(NUMBERS),
            List.of(3),
            Target.reconstruction(NUMBERS.columns().get("numbers"), ""),
            dense(3, 6) + dense(6, 2) + dense(2, 6) + dense(6, 3)),
        new Case(
            new AutoEncoder(List.of(), 2, 0),
            List.of(IMAGE),
            List.of(SIDE, SIDE, 1),
            Target.reconstruction(IMAGE.columns().get("image"), ""),
            dense(SIDE * SIDE, 2) + dense(2, SIDE * SIDE)),
        new Case(
            new UNet(4, 2, 0),
            List.of(IMAGE),
            List.of(SIDE, SIDE, 1),
            Target.of(
                new ColumnSpec("label", ElementType.INT32, List.of(SIDE, SIDE)),
                new Loss.Sigmoid()),
            convolution(3, 1, 4)
                + convolution(3, 4, 4)
                + convolution(3, 4, 8)
                + convolution(3, 8, 8)
                + convolution(3, 8, 16)
                + convolution(3, 16, 16)
                + 4 * 16 * 8
                + 8
                + convolution(3, 16, 8)
                + convolution(3, 8, 8)
                + 4 * 8 * 4
                + 4
                + convolution(3, 8, 4)
                + convolution(3, 4, 4)
                + 4
                + 1));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theLossFallsByHalf(Case model) {
    CompiledModel compiled = model.compile();
    int[] rows = Models.rows(ROWS);
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(model.chunk()).assign(LocalProgram.vector(compiled));
      float before = program.evaluate(rows)[0];
      for (int step = 0; step < STEPS; step++) {
        program.train((float) RATE, step, 0, rows);
      }
      assertThat(program.evaluate(rows)[0]).isLessThan(before / 2);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void weightsAreAsManyAsTheFormulaSays(Case model) {
    assertThat(weights(model.compile().program())).isEqualTo(model.parameters());
  }

  @Test
  void theResnetOfTwentyLayersHasAsManyWeightsAsThePapersWithProjections() {
    CompiledModel compiled =
        ModelCompiler.compile(
            Models.graph(
                List.of(Models.input("i", ElementType.UINT8, 32, 32, 3)),
                new Resnet(16, 3, 0).layers(List.of(Feature.image("i", 32, 32, 3)), List.of(10)),
                Target.of(Models.CLASS, new Loss.Softmax(10))),
            1);

    assertThat(weights(compiled.program())).isEqualTo(272_474);
  }

  @Test
  void wordsThatAreNotThereChangeNothing() {
    for (Architecture architecture :
        List.of(
            new Mlp(List.of(8), 4, Activation.RELU, 0),
            new BiLstm(4, 5, 0),
            new TransformerEncoder(8, 2, 1, 16, 0))) {
      CompiledModel compiled = binary(architecture, 0, WORDS).compile();
      float[] weights = Models.randomWeights(compiled.program(), 4);
      Variable table = variable(compiled.program(), "embedding");
      try (LocalProgram program = new LocalProgram(compiled.program())) {
        program.load(binary(architecture, 0, WORDS).chunk()).assign(weights);
        float before = program.evaluate(0, 1)[0];
        for (int i = 0; i < table.shape().get(1); i++) {
          weights[(int) table.offset() + i] += 50;
        }
        assertThat(program.assign(weights).evaluate(0, 1)[0])
            .as("%s", architecture)
            .isEqualTo(before);
      }
    }
  }

  @Test
  void aFactorisationMachineAddsTheProductsOfAllPairs() {
    Target number = Target.of(Models.NUMBER, new Loss.SquaredError());
    Case model =
        new Case(new DeepFm(4, List.of(6), 0), List.of(CATEGORIES, NUMBERS), ONE, number, 0);
    CompiledModel compiled = model.compile();
    TrainingProgram program = compiled.program();
    float[] weights = Models.randomWeights(program, 5);
    List<Variable> learned = program.variables().stream().filter(Variable::trainable).toList();
    float[] linear = part(weights, learned.get(0));
    float[] table = part(weights, learned.get(1));
    float[] numbersLinear = part(weights, learned.get(2));
    float[] numbersTable = part(weights, learned.get(3));
    learned.stream().skip(4).forEach(it -> fill(weights, it, 0));
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(model.chunk()).assign(weights);
      for (int row = 0; row < ROWS; row++) {
        int[] ids = {row % 8, row / 8};
        double[][] vectors = new double[3][4];
        double logit = linear[ids[0]] + linear[ids[1]];
        for (int i = 0; i < 3; i++) {
          float x = numbers()[row * 3 + i];
          logit += x * numbersLinear[i];
          for (int d = 0; d < 4; d++) {
            vectors[2][d] += x * numbersTable[i * 4 + d];
          }
        }
        for (int d = 0; d < 4; d++) {
          vectors[0][d] = table[ids[0] * 4 + d];
          vectors[1][d] = table[ids[1] * 4 + d];
          logit += vectors[0][d] * vectors[1][d];
          logit += vectors[0][d] * vectors[2][d] + vectors[1][d] * vectors[2][d];
        }
        double error = logit - kind(row);
        LocalLayer.assertClose(new float[] {local.evaluate(row)[0]}, error * error);
      }
    }
  }

  @Test
  void theFirstVectorOfTwoTowersIsTheUsers() {
    List<Node> layers =
        new TwoTower(List.of("user"), 4, List.of(), 5)
            .layers(List.of(ITEM.feature(), USER.feature()), PAIR);

    assertThat(layers.get(0).inputs()).containsExactly("user");
    assertThat(layers.get(6).inputs()).containsExactly("dense_2", "dense_5");
  }

  @Test
  void anOutputOfAShapeComesOutInThatShape() {
    for (Architecture architecture : List.of(Mlp.DEFAULT, WideAndDeep.DEFAULT, DeepFm.DEFAULT)) {
      List<Source> sources = List.of(Source.of(NUMBERS.columns().get("numbers")));
      List<Node> layers = architecture.layers(List.of(NUMBERS.feature()), List.of(2, 3));
      Wiring wiring = Wiring.of(sources, layers, List.of(""));

      assertThat(wiring.problems()).isEmpty();
      assertThat(wiring.shape("")).contains(List.of(2, 3));
    }
  }

  private static Case binary(Architecture architecture, long parameters, Given... givens) {
    return new Case(
        architecture,
        List.of(givens),
        ONE,
        Target.of(Models.CLASS, new Loss.Sigmoid()),
        parameters);
  }

  private static long dense(int in, int units) {
    return (long) in * units + units;
  }

  /** A kernel, and gamma and beta after it. */
  private static long convolution(int size, int in, int filters) {
    return (long) size * size * in * filters + 2L * filters;
  }

  private static long weights(TrainingProgram program) {
    return program.variables().stream().filter(Variable::trainable).mapToLong(Variable::size).sum();
  }

  private static Variable variable(TrainingProgram program, String start) {
    return program.variables().stream()
        .filter(it -> it.name().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  private static float[] part(float[] weights, Variable variable) {
    int from = (int) variable.offset();
    return Arrays.copyOfRange(weights, from, from + (int) variable.size());
  }

  private static void fill(float[] weights, Variable variable, float value) {
    int from = (int) variable.offset();
    Arrays.fill(weights, from, from + (int) variable.size(), value);
  }

  private static Given one(String name) {
    return new Given(
        Feature.ids(name, ROWS, 1),
        Map.of(name, Models.input(name, ElementType.INT32, 1)),
        Map.of(name, () -> ids(1, (row, at) -> row)));
  }

  private static int kind(int row) {
    return row % 2;
  }

  private static Tensor label(ColumnSpec label) {
    if (label.type() == ElementType.FLOAT32) {
      float[] kinds = new float[ROWS];
      IntStream.range(0, ROWS).forEach(row -> kinds[row] = kind(row));
      return floats(kinds, ROWS);
    }
    return label.shape().isEmpty()
        ? TInt32.vectorOf(IntStream.range(0, ROWS).map(ZooTest::kind).toArray())
        : brightPixels();
  }

  private static TInt32 brightPixels() {
    byte[] pixels = image();
    int[] classes = new int[pixels.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (pixels[i] & 0xFF) > 127 ? 1 : 0;
    }
    return TInt32.tensorOf(Shape.of(ROWS, SIDE, SIDE), DataBuffers.of(classes));
  }

  private static TUint8 pixels() {
    return TUint8.tensorOf(Shape.of(ROWS, SIDE, SIDE, 1), DataBuffers.of(image()));
  }

  /** One kind is bright on the left, the other on the right. */
  private static byte[] image() {
    byte[] noise = Models.bytes(ROWS * SIDE * SIDE, 1);
    for (int i = 0; i < noise.length; i++) {
      boolean left = i % SIDE < SIDE / 2;
      boolean bright = left == (kind(i / (SIDE * SIDE)) == 1);
      noise[i] = (byte) ((noise[i] & 0x3F) + (bright ? 180 : 0));
    }
    return noise;
  }

  private static float[] numbers() {
    return kinds(Models.normals(ROWS * 3, 2), 3);
  }

  private static Tensor steps() {
    return floats(kinds(Models.normals(ROWS * LENGTH * 3, 3), LENGTH * 3), ROWS, LENGTH, 3);
  }

  /** Numbers of one kind lie higher, on a line. */
  private static float[] kinds(float[] noise, int width) {
    for (int i = 0; i < noise.length; i++) {
      noise[i] = 0.2f * noise[i] + (kind(i / width) == 1 ? 1 : -1);
    }
    return noise;
  }

  private static TUint8 mask() {
    byte[] mask = new byte[ROWS * LENGTH];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (i % LENGTH > i / LENGTH % 4 + 1 ? 0 : 1);
    }
    return TUint8.tensorOf(Shape.of(ROWS, LENGTH), DataBuffers.of(mask));
  }

  private static TInt32 ids(int width, Id id) {
    int[] ids = new int[ROWS * width];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = id.at(i / width, i % width);
    }
    return TInt32.tensorOf(Shape.of(ROWS, width), DataBuffers.of(ids));
  }
}
