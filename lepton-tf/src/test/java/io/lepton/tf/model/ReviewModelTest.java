package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.Variable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The model of reviews built from layers here, against what TensorFlow for Python computed. */
class ReviewModelTest {
  private static final Offset<Float> CLOSE = within(1e-5f);

  @Test
  void lossGradientsAndTwentyStepsAreThoseOfPython() throws IOException {
    KerasModel keras = KerasModel.reviews();
    CompiledModel compiled =
        ModelCompiler.compile(
            new ModelSpec(
                keras.inputs().stream().map(ModelInput::raw).toList(),
                List.of(Target.of(Models.CLASS, keras.loss())),
                false,
                List.of(
                    Node.of(new IdLayer.Embedding(4000, 32)),
                    Node.of(new RecurrentLayer.OneWay(RecurrentLayer.Cell.LSTM, 32, false, false)),
                    Node.of(Models.dense(1))),
                new Optimizer.Sgd(1, 0)),
            1);
    float[] start = vector(compiled, keras, "var_%03d");
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(keras.chunk("in")).assign(start);
      float[] summary = program.evaluate(keras.rows());
      assertThat(summary[0] / summary[1]).isCloseTo(keras.reference().floats("loss")[0], CLOSE);
      assertThat(program.gradient(start, keras.rows()))
          .containsExactly(vector(compiled, keras, "grad_%03d"), CLOSE);
    }
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(keras.chunk("traj")).assign(start);
      float rate = keras.reference().floats("lr_sgd")[0];
      float[] losses = keras.reference().floats("traj_loss_sgd");
      for (int step = 0; step < losses.length; step++) {
        float[] summary = program.train(rate, step, 0, keras.batch(step));
        assertThat(summary[0] / summary[1]).as("step %d", step).isCloseTo(losses[step], CLOSE);
      }
      assertThat(program.read()).containsExactly(vector(compiled, keras, "final_var_%03d"), CLOSE);
    }
  }

  @Test
  void outputsAreThoseOfPython() throws IOException {
    KerasModel keras = KerasModel.reviews();
    int[] ids = keras.reference().get("in_x").ints();
    float[] table = keras.reference().floats("var_000");
    float[] words = new float[ids.length * 32];
    for (int i = 0; i < ids.length; i++) {
      System.arraycopy(table, ids[i] * 32, words, i * 32, 32);
    }
    float[] states =
        LocalLayer.run(
            "l",
            new RecurrentLayer.OneWay(RecurrentLayer.Cell.LSTM, 32, false, false),
            List.of(LocalLayer.floats(List.of(40, 32), words)),
            Map.of(
                "l/kernel", keras.reference().floats("var_001"),
                "l/recurrent-kernel", keras.reference().floats("var_002"),
                "l/bias", keras.reference().floats("var_003")));
    float[] outputs =
        LocalLayer.run(
            "d",
            Models.dense(1),
            List.of(LocalLayer.floats(List.of(32), states)),
            Map.of(
                "d/kernel", keras.reference().floats("var_004"),
                "d/bias", keras.reference().floats("var_005")));
    assertThat(outputs).containsExactly(keras.reference().floats("output"), CLOSE);
  }

  /** Both have their weights in the order of the layers. */
  private static float[] vector(CompiledModel compiled, KerasModel keras, String key) {
    float[] vector = new float[(int) compiled.program().vectorSize()];
    int count = 0;
    for (Variable variable : compiled.program().variables()) {
      if (variable.trainable()) {
        float[] values = keras.reference().floats(key.formatted(count++));
        System.arraycopy(values, 0, vector, (int) variable.offset(), values.length);
      }
    }
    return vector;
  }
}
