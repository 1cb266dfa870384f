package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.tf.HeavyOps;
import io.lepton.tf.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrecisionTrialTest {
  private static final long MANY = 1_000_000;
  private static final HeavyOps LOW = new HeavyOps(Map.of("bfloat16", 3, "float", 1));
  private static final HeavyOps HIGH = new HeavyOps(Map.of("float", 4));

  /** A replica on paper, with what it does in float32 and what in the low precision. */
  private record Paper(
      boolean supported, HeavyOps heavy, double lowSeconds, double lowLoss, boolean finite)
      implements PrecisionTrial.Replica {
    @Override
    public PrecisionTrial.Steps train(Precision precision) {
      return precision == Precision.FLOAT32
          ? new PrecisionTrial.Steps(1, 1, true)
          : new PrecisionTrial.Steps(lowSeconds, lowLoss, finite);
    }

    @Override
    public StepInspection inspect(Precision precision) {
      return new StepInspection("4", supported, heavy);
    }
  }

  @Test
  void autoTakesTheLowPrecisionIfItIsClearlyFasterAndNotWorse() {
    PrecisionReport report = settle(new Paper(true, LOW, 0.6, 1.01, true));
    assertThat(report).isEqualTo(new PrecisionReport(Precision.MIXED_BFLOAT16, LOW, 1, 0.6));
  }

  @Test
  void autoStaysInFloat32IfTheGainIsSmallOrTheLossIsWorseOrNotFinite() {
    assertThat(settle(new Paper(true, LOW, 0.9, 1, true)).precision()).isEqualTo(Precision.FLOAT32);
    assertThat(settle(new Paper(true, LOW, 0.5, 1.05, true)).precision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(settle(new Paper(true, LOW, 0.5, Double.NaN, true)).precision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(settle(new Paper(true, LOW, 0.5, 1, false)).precision())
        .isEqualTo(Precision.FLOAT32);
  }

  @Test
  void autoDoesNotMeasureWhatTheMachineDoesNotDo() {
    assertThat(settle(new Paper(false, LOW, 0.1, 1, true)))
        .isEqualTo(new PrecisionReport(Precision.FLOAT32, LOW, 0, 0));
    assertThat(settle(new Paper(true, HIGH, 0.1, 1, true)))
        .isEqualTo(new PrecisionReport(Precision.FLOAT32, HIGH, 0, 0));
  }

  @Test
  void autoDoesNotMeasureForAShortTraining() {
    Paper good = new Paper(true, LOW, 0.1, 1, true);
    long few = PrecisionTrial.LEAST_STEPS - 1;
    assertThat(new PrecisionTrial(PrecisionChoice.AUTO, few, good).settle().precision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(new PrecisionTrial(PrecisionChoice.AUTO, few + 1, good).settle().precision())
        .isEqualTo(Precision.MIXED_BFLOAT16);
  }

  @Test
  void aPrecisionThatIsAskedForIsTakenAsItIsAndItsShareTold() {
    Paper slow = new Paper(true, LOW, 9, 9, true);
    assertThat(new PrecisionTrial(PrecisionChoice.MIXED_BFLOAT16, 1, slow).settle())
        .isEqualTo(new PrecisionReport(Precision.MIXED_BFLOAT16, LOW, 0, 0));
    assertThat(new PrecisionTrial(PrecisionChoice.FLOAT32, MANY, slow).settle().precision())
        .isEqualTo(Precision.FLOAT32);
  }

  @Test
  void aPrecisionThatAMachineLacksIsRefused() {
    Paper old = new Paper(false, HIGH, 1, 1, true);
    assertThatThrownBy(() -> new PrecisionTrial(PrecisionChoice.MIXED_BFLOAT16, MANY, old).settle())
        .isInstanceOf(PrecisionException.class)
        .hasMessage(
            "precision must be one that every machine computes in, but was mixed-bfloat16, for"
                + " which executor 4 lacks a processor with any of avx512_bf16, amx_bf16, bf16;"
                + " choose float32 or auto");
  }

  private static PrecisionReport settle(Paper replica) {
    return new PrecisionTrial(PrecisionChoice.AUTO, MANY, replica).settle();
  }
}
