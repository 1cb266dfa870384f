package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** One layer on constants. */
final class LocalLayer {
  private LocalLayer() {}

  /**
   * Something to give a layer.
   *
   * @param shape of one example
   */
  record Given(List<Integer> shape, boolean ids, Constant constant) {}

  /** Emits a constant. */
  interface Constant {
    Operand<? extends TType> in(Ops tf);
  }

  static Given floats(List<Integer> shape, float... values) {
    return new Given(
        shape, false, tf -> tf.constant(batch(shape, values.length), DataBuffers.of(values)));
  }

  static Given ids(List<Integer> shape, int... values) {
    return new Given(
        shape, true, tf -> tf.constant(batch(shape, values.length), DataBuffers.of(values)));
  }

  /** What comes out, of the shape that the layer says. */
  static float[] run(Layer layer, List<Given> inputs, Map<String, float[]> weights) {
    return run("", layer, inputs, weights);
  }

  /** The same of a layer of a name, which its weights begin with. */
  static float[] run(String name, Layer layer, List<Given> inputs, Map<String, float[]> weights) {
    List<Source> sources = new ArrayList<>();
    for (Given input : inputs) {
      sources.add(new Source("x" + sources.size(), input.ids(), Optional.of(input.shape())));
    }
    List<Node> nodes = List.of(new Node(name, layer, sources.stream().map(Source::name).toList()));
    Wiring wiring = Wiring.of(sources, nodes, List.of(""));
    assertThat(wiring.problems()).isEmpty();
    Network network = Network.of(wiring, nodes);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Map<String, Operand<TFloat32>> operands = new HashMap<>();
      for (Weight weight : network.weights()) {
        float[] values = weights.get(weight.name());
        operands.put(
            weight.name(), tf.constant(Shape.of(weight.dimensions()), DataBuffers.of(values)));
      }
      Map<String, Operand<? extends TType>> in = new LinkedHashMap<>();
      for (Given input : inputs) {
        in.put("x" + in.size(), input.constant().in(tf));
      }
      Operand<TFloat32> out =
          new LayerGraph(network, operands).emit(tf, in).get(network.part("").name());
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(out).run()) {
        long[] produced = result.get(0).shape().asArray();
        assertThat(Arrays.stream(produced).skip(1).mapToInt(d -> (int) d))
            .containsExactlyElementsOf(network.part("").shape());
        return LocalProgram.values((TFloat32) result.get(0));
      }
    }
  }

  static void assertClose(float[] actual, double... expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("element %d", i)
          .isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  private static Shape batch(List<Integer> shape, int elements) {
    return Shape.of(elements / Shapes.elements(shape))
        .append(Shape.of(shape.stream().mapToLong(Integer::longValue).toArray()));
  }
}
