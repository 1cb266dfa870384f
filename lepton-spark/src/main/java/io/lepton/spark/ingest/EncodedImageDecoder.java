package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import java.io.IOException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;

/** PNG or JPEG into a uint8 column {@code [height, width, channels]}. */
final class EncodedImageDecoder extends ColumnDecoder {
  private final int height;
  private final int width;
  private final int channels;
  private transient ImageCodec codec;
  private transient byte[] pixels;

  /**
   * A decoder.
   *
   * @param shape height, width, channels
   */
  EncodedImageDecoder(String name, int source, int column, Missing missing, List<Integer> shape) {
    super(name, source, column, missing);
    this.height = shape.get(0);
    this.width = shape.get(1);
    this.channels = shape.get(2);
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    if (codec == null) {
      open();
    }
    try {
      ImageCodec.Size size = codec.read(cells.getBinary(ordinal), pixels);
      if (size.height() == height && size.width() == width) {
        Platform.copyMemory(pixels, Platform.BYTE_ARRAY_OFFSET, null, address, pixels.length);
      } else {
        reject(
            log, row, "images must be " + size(height, width), size(size.height(), size.width()));
      }
    } catch (IOException e) {
      reject(log, row, "images must be PNG or JPEG that can be decoded", e.getMessage());
    }
  }

  private String size(int height, int width) {
    return "%d×%d×%d".formatted(height, width, channels);
  }

  private void open() {
    codec = new ImageCodec(height, width, channels);
    pixels = new byte[height * width * channels];
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener(
          context -> {
            codec.close();
            codec = null;
          });
    }
  }

  @Override
  void fill(long address) {
    Platform.setMemory(null, address, (long) height * width * channels, (byte) 0);
  }
}
