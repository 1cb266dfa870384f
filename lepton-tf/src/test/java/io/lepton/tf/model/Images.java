package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Pictures of bytes to augment. */
final class Images {
  static final int HEIGHT = 9;
  static final int WIDTH = 12;
  static final int CHANNELS = 2;
  static final int SIZE = HEIGHT * WIDTH * CHANNELS;
  static final ColumnSpec INPUT =
      new ColumnSpec("picture", ElementType.UINT8, List.of(HEIGHT, WIDTH, CHANNELS));

  private Images() {}

  /** Values from 1 to 255, so that zeros are what was filled in. */
  static float[] random(int count) {
    Random random = new Random(1);
    float[] values = new float[count * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + random.nextInt(255);
    }
    return values;
  }

  static long[] ids(int count) {
    return LongStream.range(0, count).map(i -> i * i + 5).toArray();
  }

  static float[] image(float[] values, int number) {
    return Arrays.copyOfRange(values, number * SIZE, (number + 1) * SIZE);
  }

  /** A value of an image; 0 outside. */
  static float at(float[] image, int y, int x, int channel) {
    return y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH
        ? 0
        : image[(y * WIDTH + x) * CHANNELS + channel];
  }

  interface Pixel {
    double value(int y, int x, int channel);
  }

  static double[] each(Pixel pixel) {
    double[] values = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      int place = i / CHANNELS;
      values[i] = pixel.value(place / WIDTH, place % WIDTH, i % CHANNELS);
    }
    return values;
  }
}
