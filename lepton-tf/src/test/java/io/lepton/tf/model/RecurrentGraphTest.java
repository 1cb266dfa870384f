package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static io.lepton.tf.model.LocalLayer.floats;
import static io.lepton.tf.model.RecurrentLayer.Cell.GRU;
import static io.lepton.tf.model.RecurrentLayer.Cell.LSTM;
import static io.lepton.tf.model.RecurrentLayer.Merge.AVE;
import static io.lepton.tf.model.RecurrentLayer.Merge.CONCAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecurrentGraphTest {
  private static final int EXAMPLES = 3;
  private static final int STEPS = 5;
  private static final int CHANNELS = 2;
  private static final int UNITS = 3;
  private static final List<Integer> SEQUENCE = List.of(STEPS, CHANNELS);
  private static final float[] ALL = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  private static final float[] SOME = {1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0};

  private final float[] x = Models.normals(EXAMPLES * STEPS * CHANNELS, 1);

  @ParameterizedTest
  @EnumSource
  void eachStepGivesWhatTheFormulasSay(RecurrentLayer.Cell cell) {
    ReferenceCell reference = reference(cell, 2);
    assertClose(
        run(new RecurrentLayer.OneWay(cell, UNITS, true, false), reference.weights("l")),
        reference.outputs(x, ALL, STEPS, false));
  }

  @ParameterizedTest
  @EnumSource
  void theLastStepAloneComesOut(RecurrentLayer.Cell cell) {
    ReferenceCell reference = reference(cell, 2);
    assertClose(
        run(new RecurrentLayer.OneWay(cell, UNITS, false, false), reference.weights("l")),
        last(reference.outputs(x, ALL, STEPS, false)));
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatIsMaskedLeavesTheStateAsItWas(RecurrentLayer.Cell cell) {
    ReferenceCell reference = reference(cell, 2);
    double[] expected = reference.outputs(x, SOME, STEPS, false);
    assertClose(
        masked(new RecurrentLayer.OneWay(cell, UNITS, true, false), reference.weights("l")),
        expected);
    assertClose(
        masked(new RecurrentLayer.OneWay(cell, UNITS, false, false), reference.weights("l")),
        last(expected));
  }

  @ParameterizedTest
  @EnumSource
  void goingBackwardsOutputsAreInTheOrderOfReading(RecurrentLayer.Cell cell) {
    ReferenceCell reference = reference(cell, 2);
    RecurrentLayer layer = new RecurrentLayer.OneWay(cell, UNITS, true, true);
    assertClose(run(layer, reference.weights("l")), reference.outputs(x, ALL, STEPS, true));
    assertClose(masked(layer, reference.weights("l")), reference.outputs(x, SOME, STEPS, true));
  }

  @ParameterizedTest
  @EnumSource
  void bothDirectionsAreMergedStepByStep(RecurrentLayer.Merge merge) {
    ReferenceCell forward = reference(LSTM, 2);
    ReferenceCell backward = reference(LSTM, 5);
    Map<String, float[]> weights = new HashMap<>(forward.weights("l/forward"));
    weights.putAll(backward.weights("l/backward"));
    double[] ahead = forward.outputs(x, ALL, STEPS, false);
    double[] back = reversed(backward.outputs(x, ALL, STEPS, true));

    assertClose(
        run(new RecurrentLayer.Bidirectional(LSTM, UNITS, true, merge), weights),
        merged(merge, ahead, back));
    assertClose(
        run(new RecurrentLayer.Bidirectional(LSTM, UNITS, false, merge), weights),
        merged(merge, last(ahead), last(reversed(back))));
  }

  @Test
  void lstmsAreThoseOfKeras() {
    golden(
        new RecurrentLayer.OneWay(LSTM, 2, true, true),
        true,
        0.120270,
        -0.251256,
        0.111134,
        -0.235546,
        0.111134,
        -0.235546,
        0.144840,
        -0.341577,
        0,
        0,
        0.110924,
        -0.243226,
        0.113801,
        -0.235132,
        0.113801,
        -0.235132);
    golden(
        new RecurrentLayer.Bidirectional(LSTM, 2, true, CONCAT),
        true,
        0.128240,
        -0.253562,
        -0.033198,
        -0.198170,
        0,
        0,
        0,
        0,
        0.111597,
        -0.238802,
        -0.089724,
        -0.124478,
        0.137219,
        -0.334035,
        0.010059,
        -0.107169,
        0,
        0,
        0,
        0,
        0.092784,
        -0.167002,
        -0.107537,
        -0.143627,
        0.127516,
        -0.298375,
        0.013767,
        -0.087098,
        0,
        0,
        0,
        0);
    golden(
        new RecurrentLayer.Bidirectional(LSTM, 2, false, CONCAT),
        true,
        0.137219,
        -0.334035,
        -0.033198,
        -0.198170,
        0.127516,
        -0.298375,
        -0.107537,
        -0.143627);
  }

  @Test
  void grusAreThoseOfKeras() {
    golden(
        new RecurrentLayer.OneWay(GRU, 2, true, false),
        true,
        0.149831,
        -0.321785,
        0.149831,
        -0.321785,
        0.556320,
        -0.337168,
        0.503923,
        -0.522351,
        0,
        0,
        0.534360,
        -0.059813,
        0.525206,
        -0.348035,
        0.525206,
        -0.348035);
    golden(
        new RecurrentLayer.Bidirectional(GRU, 2, false, CONCAT),
        true,
        0.503923,
        -0.522351,
        -0.162097,
        -0.312594,
        0.525206,
        -0.348035,
        0.064557,
        -0.026686);
    golden(
        new RecurrentLayer.Bidirectional(GRU, 2, false, AVE),
        false,
        0.188949,
        -0.470663,
        0.354442,
        -0.401085);
  }

  @Test
  void operationsAreThoseOfBothKernelsAtEachStep() {
    Network.Part part =
        new Network.Part(
            0,
            "l",
            new RecurrentLayer.Bidirectional(GRU, 4, false, CONCAT),
            List.of("x"),
            List.of(List.of(7, 5)),
            List.of(8),
            WeightOptions.NONE);
    assertThat(part.summary().parameters()).isEqualTo(2 * (5 * 12 + 4 * 12 + 2 * 12));
    assertThat(Flops.of(part)).isEqualTo(2 * 2 * 7 * (5 * 12 + 4 * 12));
  }

  @Test
  void aMaskOfAnotherLengthIsRefused() {
    RecurrentLayer layer = new RecurrentLayer.OneWay(LSTM, 2, false, false);
    assertThatThrownBy(() -> layer.outputShape(List.of(SEQUENCE, List.of(4))))
        .hasMessage(
            "lstm takes a mask of shape [5], but was given [4]; name the sequence first, then its"
                + " mask");
  }

  @Test
  void unitsWhoseKernelsWouldHaveTooManyColumnsAreRefused() {
    assertThatThrownBy(() -> new RecurrentLayer.OneWay(GRU, 1 << 30, false, false))
        .hasMessage("units must be at most 536870911, but was: 1073741824");
  }

  // What Keras 3.15 gives for an input, weights and a mask by these formulas.
  private static void golden(RecurrentLayer layer, boolean masked, double... expected) {
    List<Integer> shape = List.of(4, 2);
    Network.Part part =
        new Network.Part(
            0, "l", layer, List.of("x"), List.of(shape), List.of(), WeightOptions.NONE);
    Map<String, float[]> weights = new HashMap<>();
    for (Weight weight : part.weights()) {
      weights.put(weight.name(), sines((int) weight.size(), 2 + weights.size()));
    }
    List<LocalLayer.Given> given = new ArrayList<>(List.of(floats(shape, sines(16, 1))));
    if (masked) {
      given.add(floats(List.of(4), 1, 0, 1, 1, 0, 1, 1, 0));
    }
    float[] actual = LocalLayer.run("l", layer, given, weights);
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(2e-6));
    }
  }

  private static float[] sines(int size, int frequency) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (0.7 * Math.sin((i + 1) * frequency));
    }
    return values;
  }

  private static ReferenceCell reference(RecurrentLayer.Cell cell, long seed) {
    return new ReferenceCell(cell, UNITS, CHANNELS, seed);
  }

  private float[] run(RecurrentLayer layer, Map<String, float[]> weights) {
    return LocalLayer.run("l", layer, List.of(floats(SEQUENCE, x)), weights);
  }

  private float[] masked(RecurrentLayer layer, Map<String, float[]> weights) {
    return LocalLayer.run(
        "l", layer, List.of(floats(SEQUENCE, x), floats(List.of(STEPS), SOME)), weights);
  }

  private static double[] last(double... outputs) {
    double[] last = new double[EXAMPLES * UNITS];
    for (int i = 0; i < last.length; i++) {
      last[i] = outputs[(i / UNITS * STEPS + STEPS - 1) * UNITS + i % UNITS];
    }
    return last;
  }

  private static double[] reversed(double... outputs) {
    double[] reversed = new double[outputs.length];
    for (int i = 0; i < outputs.length; i++) {
      int example = i / (STEPS * UNITS);
      int step = i / UNITS % STEPS;
      reversed[(example * STEPS + STEPS - 1 - step) * UNITS + i % UNITS] = outputs[i];
    }
    return reversed;
  }

  private static double[] merged(RecurrentLayer.Merge merge, double[] ahead, double[] back) {
    double[] merged = new double[merge == CONCAT ? 2 * ahead.length : ahead.length];
    for (int i = 0; i < ahead.length; i++) {
      switch (merge) {
        case CONCAT -> {
          merged[i / UNITS * 2 * UNITS + i % UNITS] = ahead[i];
          merged[i / UNITS * 2 * UNITS + UNITS + i % UNITS] = back[i];
        }
        case SUM -> merged[i] = ahead[i] + back[i];
        case MUL -> merged[i] = ahead[i] * back[i];
        case AVE -> merged[i] = (ahead[i] + back[i]) / 2;
      }
    }
    return merged;
  }
}
