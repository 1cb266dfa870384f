package io.lepton.spark.config;

import io.lepton.tf.model.BorderLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads layers that make images and sequences smaller or larger. */
final class ImageLayers {
  static final Map<String, Function<Settings, Layer>> KINDS =
      Map.ofEntries(
          Map.entry(
              "average-pooling1d", options -> pooling(options, PoolingLayer.AveragePooling1d::new)),
          Map.entry(
              "average-pooling2d", options -> pooling(options, PoolingLayer.AveragePooling2d::new)),
          Map.entry("cropping2d", ImageLayers::cropping),
          Map.entry(
              "global-average-pooling1d", options -> new PoolingLayer.GlobalAveragePooling1d()),
          Map.entry(
              "global-average-pooling2d", options -> new PoolingLayer.GlobalAveragePooling2d()),
          Map.entry("global-max-pooling1d", options -> new PoolingLayer.GlobalMaxPooling1d()),
          Map.entry("global-max-pooling2d", options -> new PoolingLayer.GlobalMaxPooling2d()),
          Map.entry("max-pooling1d", options -> pooling(options, PoolingLayer.MaxPooling1d::new)),
          Map.entry("max-pooling2d", options -> pooling(options, PoolingLayer.MaxPooling2d::new)),
          Map.entry("up-sampling2d", ImageLayers::upSampling),
          Map.entry("zero-padding2d", ImageLayers::padding));

  private ImageLayers() {}

  private interface Pooling {
    Layer of(int size, int strides, Padding padding);
  }

  private static Layer pooling(Settings options, Pooling pooling) {
    int size = options.orDefault("pool-size", Defaults.POOL_SIZE, Rule.integer(1));
    return pooling.of(
        size,
        options.orDefault("strides", size, Rule.integer(1)),
        options.orDefault("padding", Defaults.PADDING, Rule.word(Padding.class)));
  }

  private static Layer upSampling(Settings options) {
    return new PoolingLayer.UpSampling2d(
        options.orDefault("size", Defaults.UP_SAMPLING_SIZE, Rule.integer(1)),
        options.orDefault(
            "interpolation", Defaults.INTERPOLATION, Rule.word(PoolingLayer.Interpolation.class)));
  }

  private static Layer padding(Settings options) {
    List<Integer> sides = sides(options, "padding");
    return new BorderLayer.ZeroPadding2d(sides.get(0), sides.get(1), sides.get(2), sides.get(3));
  }

  private static Layer cropping(Settings options) {
    List<Integer> sides = sides(options, "cropping");
    return new BorderLayer.Cropping2d(sides.get(0), sides.get(1), sides.get(2), sides.get(3));
  }

  /** Top, bottom, left and right, written as one number, two or all four. */
  private static List<Integer> sides(Settings options, String key) {
    List<Integer> written =
        options.orDefault(key, Defaults.BORDER, Rule.oneOrMore(Rule.integer(0)));
    return switch (written.size()) {
      case 1 -> List.of(written.get(0), written.get(0), written.get(0), written.get(0));
      case 2 -> List.of(written.get(0), written.get(0), written.get(1), written.get(1));
      case 4 -> written;
      default -> {
        options.refuse(
            key,
            "must be one number, two (rows, columns) or four (top, bottom, left, right)",
            "give as many");
        yield List.of(0, 0, 0, 0);
      }
    };
  }
}
