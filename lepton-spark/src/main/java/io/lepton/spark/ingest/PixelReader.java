package io.lepton.spark.ingest;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.stream.IntStream;

/** Samples of decoded images as bytes, without any conversion between colour spaces. */
final class PixelReader {
  private final int channels;
  private final int[] line;

  /** A reader of images of that width, to one or three channels. */
  PixelReader(int width, int channels) {
    this.channels = channels;
    this.line = new int[width * 4];
  }

  void read(BufferedImage image, byte[] pixels) {
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof IndexColorModel palette) {
      readPalette(raster, palette, pixels);
    } else if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && raster.getDataBuffer() instanceof DataBufferByte data
        && model.getNumBands() == channels) {
      readBytes(raster, model, data.getData(), pixels);
    } else {
      readSamples(raster, pixels);
    }
  }

  private void readBytes(
      Raster raster, PixelInterleavedSampleModel model, byte[] from, byte[] pixels) {
    int[] bands = model.getBandOffsets();
    int at = 0;
    boolean asTheyLie =
        model.getPixelStride() == channels
            && IntStream.range(0, channels).allMatch(c -> bands[c] == c);
    for (int y = 0; y < raster.getHeight(); y++) {
      int start = y * model.getScanlineStride();
      if (asTheyLie) {
        int length = raster.getWidth() * channels;
        System.arraycopy(from, start, pixels, y * length, length);
        continue;
      }
      for (int x = 0; x < raster.getWidth(); x++) {
        for (int c = 0; c < channels; c++) {
          pixels[at++] = from[start + bands[c]];
        }
        start += model.getPixelStride();
      }
    }
  }

  private void readPalette(Raster raster, IndexColorModel palette, byte[] pixels) {
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, raster.getWidth(), 1, 0, line);
      for (int x = 0; x < raster.getWidth(); x++) {
        int index = line[x];
        at =
            put(palette.getRed(index), palette.getGreen(index), palette.getBlue(index), pixels, at);
      }
    }
  }

  private void readSamples(Raster raster, byte[] pixels) {
    int bands = raster.getNumBands();
    int shift = raster.getSampleModel().getSampleSize(0) - Byte.SIZE;
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, line);
      for (int x = 0; x < raster.getWidth(); x++) {
        int first = x * bands;
        int red = line[first] >> shift;
        at =
            bands < 3
                ? put(red, red, red, pixels, at)
                : put(red, line[first + 1] >> shift, line[first + 2] >> shift, pixels, at);
      }
    }
  }

  private int put(int red, int green, int blue, byte[] pixels, int at) {
    if (channels == 1) {
      boolean grey = red == green && green == blue;
      pixels[at] = (byte) (grey ? red : Math.round(0.299f * red + 0.587f * green + 0.114f * blue));
      return at + 1;
    }
    pixels[at] = (byte) red;
    pixels[at + 1] = (byte) green;
    pixels[at + 2] = (byte) blue;
    return at + 3;
  }
}
