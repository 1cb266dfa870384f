package io.lepton.spark.ingest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG and JPEG to row-major bytes, one or three channels a pixel: grey, or red, green and
 * blue. Grey becomes colour by repetition, colour becomes grey by its luma (ITU-R BT.601); alpha is
 * dropped, of 16 bits the upper eight are kept. One thread.
 */
final class ImageCodec implements AutoCloseable {
  private static final int[] PNG = {0x89, 'P', 'N', 'G'};
  private static final int[] JPEG = {0xff, 0xd8, 0xff};

  private final int height;
  private final int width;
  private final PixelReader pixelReader;
  private final ImageReader png = reader("png");
  private final ImageReader jpeg = reader("jpeg");
  private String damage;

  /** Height and width of an image. */
  record Size(int height, int width) {}

  /** A decoder of images of one size. */
  ImageCodec(int height, int width, int channels) {
    this.height = height;
    this.width = width;
    this.pixelReader = new PixelReader(width, channels);
    jpeg.addIIOReadWarningListener((source, warning) -> warn(warning));
  }

  /**
   * Decodes an image if it has the right size; of another only the size is read.
   *
   * @param pixels to write to
   * @throws IOException if it cannot be decoded, the message saying what is wrong with it
   */
  Size read(byte[] encoded, byte[] pixels) throws IOException {
    ImageReader reader = readerOf(encoded);
    damage = null;
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(in, true, true);
      Size size = new Size(reader.getHeight(0), reader.getWidth(0));
      if (size.height() == height && size.width() == width) {
        BufferedImage image = reader.read(0);
        if (damage != null) {
          throw new IOException(damage);
        }
        pixelReader.read(image, pixels);
      }
      return size;
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "%d bytes: %s".formatted(encoded.length, e.getMessage() == null ? e : e.getMessage()), e);
    } finally {
      reader.setInput(null);
    }
  }

  private ImageReader readerOf(byte[] encoded) throws IOException {
    if (startsWith(encoded, PNG)) {
      return png;
    }
    if (startsWith(encoded, JPEG)) {
      return jpeg;
    }
    int shown = Math.min(encoded.length, PNG.length);
    throw new IOException(
        encoded.length == 0
            ? "0 bytes"
            : "%d bytes that begin with 0x%s"
                .formatted(encoded.length, HexFormat.of().formatHex(encoded, 0, shown)));
  }

  private static boolean startsWith(byte[] bytes, int[] start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  // The JPEG library goes on over damage with grey, and only warns.
  private void warn(String warning) {
    if (warning.startsWith("Premature end") || warning.startsWith("Corrupt JPEG")) {
      damage = warning;
    }
  }

  private static ImageReader reader(String format) {
    return ImageIO.getImageReadersByFormatName(format).next();
  }

  @Override
  public void close() {
    png.dispose();
    jpeg.dispose();
  }
}
