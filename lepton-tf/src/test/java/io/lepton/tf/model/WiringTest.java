package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.lepton.arrow.ElementType;
import io.lepton.tf.Variable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WiringTest {
  private static final Source IDS = Source.stored("ids", ElementType.INT32, known(5));
  private static final Source USER = Source.stored("user", ElementType.FLOAT32, known(3));
  private static final Source ITEM = Source.stored("item", ElementType.FLOAT32, known(4));

  @Test
  void shapesFollowTheNamesOfInputs() {
    Wiring wiring =
        wire(
            List.of(USER, ITEM),
            node("u", Models.dense(8), "user"),
            node("", new MergeLayer.Concatenate(), "u", "item", "user"),
            node("", Models.dense(2)));
    assertThat(wiring.problems()).isEmpty();
    assertThat(wiring.shape("u")).contains(List.of(8));
    assertThat(wiring.shape("concatenate_1")).contains(List.of(15));
    assertThat(wiring.shape("")).contains(List.of(2));
  }

  @Test
  void layersWithoutANameKeepThatOfKindAndPosition() {
    List<Node> layers =
        List.of(
            node("first", Models.dense(2)),
            Node.of(new Layer.Dropout(0)),
            Node.of(Models.dense(1)));
    ModelSpec spec =
        Models.graph(
            List.of(Models.input("x", ElementType.FLOAT32, 3)),
            layers,
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    assertThat(ModelCompiler.compile(spec, 1).program().variables())
        .extracting(Variable::name)
        .containsExactly("first/kernel", "first/bias", "dense_2/kernel", "dense_2/bias");
  }

  @Test
  void aNameThatIsNoneIsRefusedWithTheNearest() {
    assertThat(wire(List.of(USER, ITEM), node("d", Models.dense(1), "usr")).problems())
        .containsExactly(
            new LayerProblem(
                0,
                "takes 'usr', which is no earlier layer and no input",
                "did you mean 'user', of: user, item?"));
  }

  @Test
  void aLayerCannotTakeALaterOneOrItself() {
    assertThat(
            wire(
                    List.of(USER),
                    node("a", Models.dense(1), "b"),
                    node("b", Models.dense(1), "b"),
                    node("c", new MergeLayer.Add(), "a", "b"))
                .problems())
        .extracting(LayerProblem::layer, LayerProblem::rule)
        .containsExactly(
            tuple(0, "takes 'b', which is no earlier layer and no input"),
            tuple(1, "takes 'b', which is no earlier layer and no input"));
  }

  @Test
  void ofSeveralInputsTheFirstLayerNamesItsOwn() {
    assertThat(wire(List.of(USER, ITEM), node("", Models.dense(1))).problems())
        .containsExactly(
            new LayerProblem(
                0,
                "must name its inputs, as the model has several: user, item",
                "write inputs = [user]"));
  }

  @Test
  void aNameIsUsedOnce() {
    assertThat(
            wire(List.of(USER), node("dense_1", Models.dense(1)), Node.of(Models.dense(1)))
                .problems())
        .contains(
            new LayerProblem(
                1,
                "is called 'dense_1', as another layer or an input is",
                "give it a name of its own"));
    assertThat(wire(List.of(USER), node("user", Models.dense(1))).problems())
        .extracting(LayerProblem::rule)
        .containsExactly("is called 'user', as another layer or an input is");
  }

  @Test
  void anOutputThatNobodyTakesIsRefused() {
    Node[] layers = {
      node("lost", Models.dense(2)), node("kept", Models.dense(1), "user"),
    };
    assertThat(wire(List.of(USER), layers).problems())
        .containsExactly(
            new LayerProblem(
                0,
                "gives 'lost', which no layer takes and no loss sees",
                "name it in another layer's inputs, or remove it"));
    assertThat(Wiring.of(List.of(USER), List.of(layers), List.of("lost", "")).problems()).isEmpty();
  }

  @Test
  void layersTakeAsManyInputsAsTheyCan() {
    assertThat(wire(List.of(USER), node("", new MergeLayer.Add(), "user")).problems())
        .containsExactly(
            new LayerProblem(
                0,
                "add takes 2 or more inputs, but was given [user]",
                "name as many in its inputs"));
    assertThat(wire(List.of(USER, ITEM), node("", Models.dense(1), "user", "item")).problems())
        .extracting(LayerProblem::rule)
        .containsExactly("dense takes 1 input, but was given [user, item]");
    assertThat(
            wire(
                    List.of(USER),
                    node("", new PoolingLayer.GlobalAveragePooling1d(), "user", "user", "user"))
                .problems())
        .extracting(LayerProblem::rule)
        .containsExactly(
            "global-average-pooling1d takes 1 to 2 inputs, but was given [user, user, user]");
  }

  @Test
  void idsComeStraightFromAnInputOfIntegers() {
    IdLayer embedding = new IdLayer.Embedding(10, 2);
    assertThat(wire(List.of(IDS), node("", embedding)).shape("")).contains(List.of(5, 2));
    assertThat(wire(List.of(USER), node("", embedding)).problems())
        .containsExactly(
            new LayerProblem(
                0,
                "embedding takes ids, but was given 'user'",
                "name an input of integers without transforms in its inputs"));
    ModelInput clipped =
        new ModelInput(
            Models.input("ids", ElementType.INT32, 5).column(),
            List.of(new Transform.Clip(List.of(0.0), List.of(9.0))));
    assertThat(wire(List.of(Source.of(clipped)), node("", embedding)).problems()).hasSize(1);
  }

  @Test
  void aMaskIsAsLongAsItsSequence() {
    Layer mean = new PoolingLayer.GlobalAveragePooling1d();
    Node words = node("words", new IdLayer.Embedding(10, 2), "ids");
    assertThat(
            wire(
                    List.of(IDS),
                    words,
                    node("mask", new IdLayer.NotEqual(0), "ids"),
                    node("", mean, "words", "mask"))
                .shape(""))
        .contains(List.of(2));
    assertThat(wire(List.of(IDS, ITEM), words, node("", mean, "words", "item")).problems())
        .extracting(LayerProblem::rule)
        .containsExactly("global-average-pooling1d takes a mask of shape [5], but was given [4]");
  }

  @Test
  void everyLayerThatBreaksARuleIsTold() {
    assertThat(
            wire(
                    List.of(USER),
                    node("a", new Layer.Reshape(List.of(2, 2)), "user"),
                    node("b", new PoolingLayer.UpSampling2d(2), "user"),
                    node("c", new MergeLayer.Add(), "a", "b"))
                .problems())
        .containsExactly(
            new LayerProblem(
                0,
                "reshape to [2, 2] takes an input of 4 elements, but was given [3] with 3",
                "change its shape"),
            new LayerProblem(
                1,
                "up-sampling2d takes an input of shape [height, width, channels], but was given [3]",
                "give the input column such a shape"));
  }

  @Test
  void nothingIsSaidOfShapesThatOnlyTheDataKnows() {
    Source unknown = Source.stored("x", ElementType.FLOAT32, Optional.empty());
    Wiring wiring =
        wire(
            List.of(unknown),
            node("image", new PoolingLayer.UpSampling2d(2)),
            node("", Models.dense(2)));
    assertThat(wiring.problems()).isEmpty();
    assertThat(wiring.shape("")).isEmpty();
  }

  @Test
  void anInputThatNoLayerTakesIsRefused() {
    ModelSpec spec =
        Models.graph(
            List.of(
                Models.input("x", ElementType.FLOAT32, 3),
                Models.input("y", ElementType.FLOAT32, 3)),
            List.of(node("", Models.dense(1), "x")),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "each input must be taken by a layer, but 'y' is by none; name it in a layer's inputs,"
                + " or leave it out");
  }

  @Test
  void aRefusalOfALayerWithANameTellsIt() {
    ModelSpec spec =
        Models.graph(
            List.of(Models.input("x", ElementType.FLOAT32, 3)),
            List.of(node("sum", new MergeLayer.Add(), "x")),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 1))
        .hasMessage(
            "layer 0 'sum': add takes 2 or more inputs, but was given [x];"
                + " name as many in its inputs");
  }

  @Test
  void aNameIsOneThatGraphsCanHold() {
    assertThatThrownBy(() -> node("a/b", Models.dense(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "name must be letters, digits and _ . - and start with a letter or digit, but was: a/b");
  }

  private static Wiring wire(List<Source> sources, Node... layers) {
    return Wiring.of(sources, List.of(layers), List.of(""));
  }

  private static Node node(String name, Layer layer, String... inputs) {
    return new Node(name, layer, List.of(inputs));
  }

  private static Optional<List<Integer>> known(Integer... shape) {
    return Optional.of(List.of(shape));
  }
}
