package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class AugmentationGraphTest {
  private static final int EXAMPLES = 37;
  private static final long[] IDS = Images.ids(EXAMPLES);

  private static Stream<List<Augmentation>> lists() {
    Augmentation cutout = new Augmentation.Cutout(4);
    return Stream.of(
        List.of(new Augmentation.RandomCrop(2)),
        List.of(new Augmentation.HorizontalFlip(0.5)),
        List.of(new Augmentation.VerticalFlip(0.5)),
        List.of(new Augmentation.Rotation(90)),
        List.of(new Augmentation.Brightness(0.3, 255)),
        List.of(new Augmentation.Contrast(0.3, 2)),
        List.of(cutout),
        List.of(new Augmentation.Rotation(10), new Augmentation.Contrast(0.3, 2), cutout, cutout),
        List.of(new Augmentation.GaussianNoise(1)),
        List.of(new Augmentation.FeatureDropout(0.5)),
        List.of(new Augmentation.WordDropout(0.5, 1)),
        List.of(new Augmentation.WordSwap(0.5)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void anExampleIsTheSameBitsInAnyBatchAndPlace(List<Augmentation> list) {
    ColumnSpec input = input(list);
    float[] batch = values(input, EXAMPLES);
    float[] whole = AugmentedBatch.of(input, list, 8, IDS, batch).values();
    for (int[] places : new int[][] {{0}, {36}, {5, 36, 17}, {2, 1, 0, 36, 35, 34, 33, 32, 3}}) {
      long[] ids = Arrays.stream(places).mapToLong(place -> IDS[place]).toArray();
      float[] part = rows(input, batch, places);
      assertThat(AugmentedBatch.of(input, list, 8, ids, part).values())
          .isEqualTo(rows(input, whole, places));
    }
  }

  @ParameterizedTest
  @MethodSource("lists")
  void anotherEpochExampleInputOrPositionGivesAnotherResult(List<Augmentation> list) {
    ColumnSpec input = input(list);
    float[] batch = values(input, EXAMPLES);
    ColumnSpec renamed = new ColumnSpec("other", input.type(), input.shape());
    long[] others = Arrays.stream(IDS).map(id -> id + 1).toArray();
    float[] augmented = AugmentedBatch.of(input, list, 8, IDS, batch).values();
    assertThat(AugmentedBatch.of(input, list, 9, IDS, batch).values()).isNotEqualTo(augmented);
    assertThat(AugmentedBatch.of(input, list, 8, others, batch).values()).isNotEqualTo(augmented);
    assertThat(AugmentedBatch.of(renamed, list, 8, IDS, batch).values()).isNotEqualTo(augmented);
    List<Augmentation> later =
        Stream.concat(Stream.of(idle(InputKind.of(list.get(0)))), list.stream()).toList();
    assertThat(AugmentedBatch.of(input, later, 8, IDS, batch).values()).isNotEqualTo(augmented);
  }

  @Test
  void contrastOfALargeImageDoesNotDependOnTheBatch() {
    ColumnSpec input = new ColumnSpec("picture", ElementType.FLOAT32, List.of(300, 301, 1));
    float[] batch = Models.normals(3 * input.width(), 1);
    List<Augmentation> list = List.of(new Augmentation.Contrast(0.3, 2));
    float[] whole = AugmentedBatch.of(input, list, 8, new long[] {1, 2, 3}, batch).values();
    float[] alone = rows(input, batch, 1);
    assertThat(AugmentedBatch.of(input, list, 8, new long[] {2}, alone).values())
        .isEqualTo(rows(input, whole, 1));
  }

  @Test
  void theShareOfAMixedExampleIsItsOwnInAnyBatch() {
    for (Augmentation mixing : List.of(new Augmentation.MixUp(0.4), new Augmentation.CutMix(0.4))) {
      float[] images = Images.random(EXAMPLES);
      float[] lambdas = AugmentedBatch.of(Images.INPUT, List.of(mixing), 8, IDS, images).lambdas();
      float[] alone =
          AugmentedBatch.of(
                  Images.INPUT, List.of(mixing), 8, new long[] {IDS[30]}, Images.random(1))
              .lambdas();
      assertThat(alone).containsExactly(lambdas[30]);
    }
  }

  @Test
  void anEmptyListChangesNothing() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> batch = tf.constant(new float[4][7]);
      CounterNoise noise = CounterNoise.of(tf, tf.constant(1L), tf.constant(new long[4]));
      Augmented augmented = AugmentationGraph.emit(tf, noise, Models.features(7), List.of(), batch);
      assertThat(augmented.value()).isSameAs(batch);
      assertThat(augmented.mixing()).isEmpty();
    }
  }

  private static Augmentation idle(InputKind kind) {
    return switch (kind) {
      case IMAGE -> new Augmentation.Brightness(0, 1);
      case TABLE -> new Augmentation.FeatureDropout(0);
      case TEXT -> new Augmentation.WordDropout(0, 1);
    };
  }

  private static ColumnSpec input(List<Augmentation> list) {
    return switch (InputKind.of(list.get(0))) {
      case IMAGE -> Images.INPUT;
      case TABLE -> Models.features(7);
      case TEXT -> new ColumnSpec("text", ElementType.INT32, List.of(9));
    };
  }

  private static float[] values(ColumnSpec input, int examples) {
    float[] values = new float[examples * input.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + i * 31 % 251;
    }
    return values;
  }

  private static float[] rows(ColumnSpec input, float[] batch, int... places) {
    int width = input.width();
    float[] rows = new float[places.length * width];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(batch, places[i] * width, rows, i * width, width);
    }
    return rows;
  }
}
