package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Six steps of a small net, against what Keras 3 (TensorFlow 2.18) made of the same. */
class KerasOptimizerTest {
  private static final double RATE = 0.05;
  private static final double EPSILON = 1e-3;
  private static final List<String> BIASES = List.of("*/bias");

  static Stream<Arguments> optimizers() {
    return Stream.of(
        Arguments.of(
            new Optimizer.Nesterov(RATE, 0.9),
            new float[] {
              0.4386826f,
              0.4721788f,
              0.3311062f,
              -0.0430397f,
              -0.3433211f,
              -0.5151157f,
              0.4718377f,
              0.1271775f,
              0.2668418f,
              -0.1868152f,
              -0.1036305f
            }),
        Arguments.of(
            new Optimizer.Sgd(RATE, 0.9),
            new float[] {
              0.4326566f,
              0.4758884f,
              0.3301308f,
              -0.03890447f,
              -0.3383493f,
              -0.5143566f,
              0.4739289f,
              0.1283173f,
              0.2589666f,
              -0.1915171f,
              -0.08407845f
            }),
        Arguments.of(
            new Optimizer.Adam(RATE, 0.9, 0.999, EPSILON),
            new float[] {
              0.5503092f,
              0.3628092f,
              0.4091912f,
              -0.1876452f,
              -0.4115299f,
              -0.6477407f,
              0.5888227f,
              -0.0004715137f,
              0.3181579f,
              -0.117752f,
              -0.150554f
            }),
        Arguments.of(
            new Optimizer.AdamW(RATE, 0.9, 0.999, EPSILON, 0.1, BIASES),
            new float[] {
              0.5358447f,
              0.3503236f,
              0.4001267f,
              -0.1851457f,
              -0.3985541f,
              -0.6314903f,
              0.5895254f,
              -8.252449e-05f,
              0.3124003f,
              -0.1149264f,
              -0.1499881f
            }),
        Arguments.of(
            new Optimizer.Adagrad(RATE, 0.1, EPSILON),
            new float[] {
              0.4345947f,
              0.4771464f,
              0.3324673f,
              -0.03773558f,
              -0.337801f,
              -0.5149832f,
              0.4807653f,
              0.1403852f,
              0.189664f,
              -0.2113514f,
              -0.2506799f
            }),
        Arguments.of(
            new Optimizer.RmsProp(RATE, 0.9, 0, EPSILON, false),
            new float[] {
              0.6700516f,
              0.3965527f,
              0.4172616f,
              -0.2032341f,
              -0.5013245f,
              -0.6291449f,
              0.4843732f,
              0.006820305f,
              0.4071426f,
              -0.2710754f,
              -0.2542888f
            }),
        Arguments.of(
            new Optimizer.RmsProp(RATE, 0.9, 0.5, EPSILON, false),
            new float[] {
              0.8435549f,
              0.3709005f,
              0.5109226f,
              -0.3025458f,
              -0.5910446f,
              -0.7166056f,
              0.396194f,
              -0.09296384f,
              0.504827f,
              -0.3658087f,
              -0.2784579f
            }),
        Arguments.of(
            new Optimizer.RmsProp(RATE, 0.9, 0, EPSILON, true),
            new float[] {
              0.6839499f,
              0.3975567f,
              0.4217456f,
              -0.207628f,
              -0.5056435f,
              -0.6317418f,
              0.4793543f,
              0.00348231f,
              0.4270632f,
              -0.2779987f,
              -0.2578369f
            }),
        Arguments.of(
            new Optimizer.RmsProp(RATE, 0.9, 0.5, EPSILON, true),
            new float[] {
              0.8610817f,
              0.3728627f,
              0.5173247f,
              -0.3044583f,
              -0.5922716f,
              -0.717386f,
              0.3873693f,
              -0.09812634f,
              0.5176401f,
              -0.3676208f,
              -0.2771047f
            }),
        Arguments.of(
            new Optimizer.Lamb(RATE, 0.9, 0.999, EPSILON, 0, List.of()),
            new float[] {
              0.546814f,
              0.3637723f,
              0.4382803f,
              -0.136051f,
              -0.4353718f,
              -0.6225173f,
              0.5663337f,
              0.0944884f,
              0.128263f,
              -0.216683f,
              -0.2781597f
            }),
        Arguments.of(
            new Optimizer.Adafactor(RATE, -0.8, 1e-30, 1e-3, 1),
            new float[] {
              0.6478899f,
              0.4041825f,
              0.3850606f,
              -0.09816549f,
              -0.4317876f,
              -0.583147f,
              0.5604768f,
              0.1117015f,
              0.1251333f,
              -0.2261991f,
              -0.289518f
            }),
        Arguments.of(
            new Optimizer.Lion(RATE, 0.9, 0.99, 0.1, BIASES),
            new float[] {
              0.7045451f,
              0.1837481f,
              0.5122857f,
              -0.3005694f,
              -0.618261f,
              -0.7774725f,
              0.5546487f,
              -0.09394075f,
              0.3647444f,
              -0.2661792f,
              -0.1784012f
            }));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void theWeightsAreThoseOfKeras(Optimizer optimizer, float[] expected) {
    ModelSpec net =
        Models.regression(Models.features(3), Models.dense(2, Activation.TANH), Models.dense(1));
    CompiledModel compiled = ModelCompiler.compile(Models.with(net, optimizer), 1);
    TrainingProgram program = compiled.program();
    float[] start = LocalProgram.vector(compiled);
    for (int number = 0; number < 4; number++) {
      fill(start, number, program.variables().get(number));
    }
    float[] end;
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(List.of(floats(features(), 5, 3), floats(labels(), 5))).assign(start);
      for (int step = 0; step < 6; step++) {
        local.train((float) RATE, step, 0, Models.rows(5));
      }
      end = local.read();
    }
    int at = 0;
    for (Variable variable : program.variables()) {
      for (int i = 0; variable.trainable() && i < variable.size(); i++) {
        assertThat(end[(int) variable.offset() + i])
            .as("%s %d", variable.name(), i)
            .isCloseTo(expected[at++], within(3e-6f));
      }
    }
  }

  private static void fill(float[] vector, int number, Variable variable) {
    for (int i = 0; i < variable.size(); i++) {
      vector[(int) variable.offset() + i] = (float) (0.5 * Math.sin(7 * i + number + 1));
    }
  }

  private static float[] features() {
    float[] features = new float[15];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) Math.sin(i);
    }
    return features;
  }

  private static float[] labels() {
    float[] labels = new float[5];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = (float) Math.cos(row);
    }
    return labels;
  }
}
