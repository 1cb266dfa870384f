package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.model.Optimizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingProgramTest {
  private static final Variable KERNEL = variable("kernel", Variable.Role.WEIGHT, 0, 5, 4);
  private static final Variable BIAS = variable("bias", Variable.Role.WEIGHT, 32, 4);
  private static final Variable MOMENT = variable("m", Variable.Role.OPTIMIZER_STATE, 48, 17);

  @Test
  void vectorEndsWithTheLastVariableRoundedUpToSixteenElements() {
    assertThat(program().vectorSize()).isZero();
    assertThat(program(KERNEL).vectorSize()).isEqualTo(32);
    assertThat(program(KERNEL, BIAS).vectorSize()).isEqualTo(48);
    assertThat(program(KERNEL, BIAS, MOMENT).vectorSize()).isEqualTo(80);
  }

  @Test
  void roundUpGivesMultiplesOfSixteen() {
    for (long elements = 0; elements < 100; elements++) {
      assertThat(TrainingProgram.roundUp(elements))
          .isBetween(elements, elements + 15)
          .satisfies(rounded -> assertThat(rounded % 16).isZero());
    }
  }

  @Test
  void optimizerStateIsNoWeight() {
    assertThat(program(KERNEL, BIAS, MOMENT).weights()).isEqualTo(24);
  }

  @Test
  void hashOfWeightsIsThatOfTheirLittleEndianBytesInOrder() throws NoSuchAlgorithmException {
    FlatVector vector = numbers(80);
    ByteBuffer bytes = ByteBuffer.allocate(24 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 20; i++) {
      bytes.putFloat(i / 4f);
    }
    for (int i = 32; i < 36; i++) {
      bytes.putFloat(i / 4f);
    }
    assertThat(program(KERNEL, BIAS, MOMENT).weightsSha256(vector))
        .isEqualTo(sha256(bytes.array()));
  }

  @Test
  void hashOfWeightsKnowsNothingOfPaddingAndOptimizerState() {
    TrainingProgram program = program(KERNEL, BIAS, MOMENT);
    String hash = program.weightsSha256(numbers(80));
    assertThat(program.weightsSha256(changed(20))).isEqualTo(hash);
    assertThat(program.weightsSha256(changed(48))).isEqualTo(hash);
    assertThat(program.weightsSha256(changed(19))).isNotEqualTo(hash);
    assertThat(program.weightsSha256(changed(35))).isNotEqualTo(hash);
  }

  @Test
  void fingerprintIsTheHashOfTheGraph() throws NoSuchAlgorithmException {
    assertThat(program().fingerprint()).isEqualTo(sha256(new byte[] {1, 2, 3}));
    TrainingProgram adam = LinearModel.program(new Optimizer.Adam(0.1, 0.9, 0.999, 1e-7));
    assertThat(adam.fingerprint()).isNotEqualTo(LinearModel.SGD.fingerprint());
  }

  @Test
  void comesBackWholeFromJavaSerialization() throws IOException, ClassNotFoundException {
    TrainingProgram program = LinearModel.program(new Optimizer.Adam(0.1, 0.9, 0.999, 1e-7));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(program);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).usingRecursiveComparison().isEqualTo(program);
    }
  }

  private static Variable variable(String name, Variable.Role role, long offset, Integer... shape) {
    return new Variable(name, List.of(shape), role, offset, name + "/read:0", name + "/feed:0");
  }

  private static TrainingProgram program(Variable... variables) {
    return new TrainingProgram(
        new byte[] {1, 2, 3},
        List.of(),
        List.of(new TrainingProgram.Slot(List.of(), "first:0", "stage", "load")),
        "indices:0",
        null,
        "learning_rate:0",
        "step:0",
        "seed:0",
        "train",
        "train_summary:0",
        "evaluate_summary:0",
        List.of(),
        List.of(variables),
        "assign");
  }

  private static FlatVector numbers(int size) {
    FlatVector vector = FlatVector.allocate(size);
    for (int i = 0; i < size; i++) {
      vector.set(i, i / 4f);
    }
    return vector;
  }

  private static FlatVector changed(int index) {
    FlatVector vector = numbers(80);
    vector.set(index, -1);
    return vector;
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
