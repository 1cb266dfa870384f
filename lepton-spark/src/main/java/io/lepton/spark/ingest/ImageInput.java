package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.Missing;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.types.BinaryType;

/** A binary column of images. */
final class ImageInput extends BoundInput {
  private final ColumnSpec column;
  private final InputKind.Image image;

  private ImageInput(String source, ColumnSpec column, InputKind.Image image) {
    super(column.name(), List.of(source));
    this.column = column;
    this.image = image;
  }

  static Optional<BoundInput> bind(
      ColumnFinder finder, String place, String name, InputKind.Image image, List<String> sources) {
    if (sources.size() != 1 || !(finder.type(sources.get(0)) instanceof BinaryType)) {
      finder.refuse(
          place,
          "images must be one binary column, but were: %s of %s; take one such column"
              .formatted(sources, finder.typeNames(sources)));
      return Optional.empty();
    }
    boolean encoded = image.encoding() == ImageEncoding.ENCODED;
    if (image.shape().size() != 3
        || (encoded && image.shape().get(2) != 1 && image.shape().get(2) != 3)) {
      finder.refuse(
          place,
          "shape must be [height, width, channels]%s, but was: %s; give all three"
              .formatted(encoded ? " with 1 or 3 channels" : "", image.shape()));
      return Optional.empty();
    }
    if (image.missing() == Missing.MASK) {
      finder.refuse(place, MASK_IS_FOR_NUMBERS);
      return Optional.empty();
    }
    return finder
        .column(place, name, ElementType.UINT8, image.shape())
        .map(column -> new ImageInput(sources.get(0), column, image));
  }

  @Override
  List<ColumnSpec> columns() {
    return List.of(column);
  }

  @Override
  List<ColumnDecoder> decoders(ToIntFunction<String> place, int first, FittedInput fitted) {
    String source = sources().get(0);
    int at = place.applyAsInt(source);
    return List.of(
        image.encoding() == ImageEncoding.RAW
            ? new BytesDecoder(
                source, at, first, image.missing(), column.width(), Rule.of(column.type()))
            : new EncodedImageDecoder(source, at, first, image.missing(), image.shape()));
  }
}
