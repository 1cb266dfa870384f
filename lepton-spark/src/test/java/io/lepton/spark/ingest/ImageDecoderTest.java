package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Cluster;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {
  private static final String UNDECODABLE = "images must be PNG or JPEG that can be decoded";

  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void rawImagesArriveAsTheyAre() {
    assertThat(
            ingest(ImageEncoding.RAW, Missing.FAIL, List.of(1, 2, 2), new byte[] {1, -1, 0, 127})
                .rows())
        .containsExactly("x=[1, 255, 0, 127]");
  }

  @Test
  void rawImagesOfAnotherSizeAreDefects() {
    assertThat(
            ingest(ImageEncoding.RAW, Missing.FAIL, List.of(1, 2, 2), new byte[4], new byte[5])
                .defects())
        .containsExactly(new Defect("x", "binary must have 4 bytes", 1, 0, 1, "5 bytes"));
  }

  @Test
  void missingImagesAreBlackOrLeftOut() {
    for (ImageEncoding encoding : ImageEncoding.values()) {
      assertThat(ingest(encoding, Missing.FILL, List.of(1, 1, 3), (byte[]) null).rows())
          .containsExactly("x=[0, 0, 0]");
      assertThat(ingest(encoding, Missing.DROP_ROW, List.of(1, 1, 3), (byte[]) null).rows())
          .isEmpty();
      assertThat(ingest(encoding, Missing.FAIL, List.of(1, 1, 3), (byte[]) null).defects())
          .containsExactly(new Defect("x", "values must not be null", 1, 0, 0, "null"));
    }
  }

  @Test
  void colouredPngsArePixelAfterPixelRowAfterRow() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xff8000);
    image.setRGB(0, 1, 0x0000ff);

    assertThat(decoded(List.of(2, 2, 3), encode(image, "png")))
        .isEqualTo("x=[1, 2, 3, 255, 128, 0, 0, 0, 255, 0, 0, 0]");
  }

  @Test
  void alphaIsDropped() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x40102030);

    assertThat(decoded(List.of(1, 1, 3), encode(image, "png"))).isEqualTo("x=[16, 32, 48]");
  }

  @Test
  void greySamplesStayWhatTheyAreInOneChannelOrThree() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 37);
    image.getRaster().setSample(1, 0, 0, 200);

    assertThat(decoded(List.of(1, 2, 1), encode(image, "png"))).isEqualTo("x=[37, 200]");
    assertThat(decoded(List.of(1, 2, 3), encode(image, "png")))
        .isEqualTo("x=[37, 37, 37, 200, 200, 200]");
  }

  @Test
  void ofSixteenBitsTheUpperEightAreKept() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0xabcd);

    assertThat(decoded(List.of(1, 1, 1), encode(image, "png"))).isEqualTo("x=[171]");
  }

  @Test
  void palettesAreLookedUp() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0xffffff);

    assertThat(decoded(List.of(1, 2, 3), encode(image, "png")))
        .isEqualTo("x=[255, 0, 0, 255, 255, 255]");
  }

  @Test
  void colourBecomesGreyByItsLuma() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x00ff00);
    image.setRGB(2, 0, 0x0000ff);

    assertThat(decoded(List.of(1, 3, 1), encode(image, "png")))
        .isEqualTo(
            "x=[%d, %d, %d]"
                .formatted(
                    Math.round(0.299 * 255), Math.round(0.587 * 255), Math.round(0.114 * 255)));
  }

  @Test
  void jpegsOfOneColourComeBackAsThatColour() {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    image.createGraphics().fillRect(0, 0, 8, 8);

    String white = Arrays.toString(Arrays.stream(new int[192]).map(i -> 255).toArray());
    assertThat(decoded(List.of(8, 8, 3), encode(image, "jpg"))).isEqualTo("x=" + white);
  }

  @Test
  void imagesOfAnotherSizeAreDefects() {
    for (String format : List.of("png", "jpg")) {
      assertThat(
              ingest(
                      ImageEncoding.ENCODED,
                      Missing.FAIL,
                      List.of(32, 32, 3),
                      encode(noise(32, 31), format))
                  .defects())
          .containsExactly(new Defect("x", "images must be 32×32×3", 1, 0, 0, "32×31×3"));
    }
  }

  @Test
  void truncatedImagesAreDefects() {
    for (String format : List.of("png", "jpg")) {
      byte[] whole = encode(noise(32, 32), format);
      for (int length : new int[] {4, 20, 100, whole.length / 2, whole.length * 3 / 4}) {
        List<Defect> defects =
            ingest(
                    ImageEncoding.ENCODED,
                    Missing.FAIL,
                    List.of(32, 32, 3),
                    whole,
                    Arrays.copyOf(whole, length))
                .defects();
        assertThat(defects).as("%s of %d bytes", format, length).hasSize(1);
        assertThat(defects.get(0).rule()).isEqualTo(UNDECODABLE);
        assertThat(defects.get(0).row()).isEqualTo(1);
        assertThat(defects.get(0).value()).startsWith(length + " bytes: ");
      }
    }
  }

  @Test
  void whatIsNoImageIsADefect() {
    assertThat(
            ingest(
                    ImageEncoding.ENCODED,
                    Missing.FAIL,
                    List.of(1, 1, 1),
                    new byte[] {'G', 'I', 'F', '8', '9', 'a'},
                    new byte[0])
                .defects())
        .containsExactly(
            new Defect("x", UNDECODABLE, 2, 0, 0, "6 bytes that begin with 0x47494638"));
  }

  private String decoded(List<Integer> shape, byte[] encoded) {
    return ingest(ImageEncoding.ENCODED, Missing.FAIL, shape, encoded).rows().get(0);
  }

  private Ingested ingest(
      ImageEncoding encoding, Missing missing, List<Integer> shape, byte[]... images) {
    List<Row> rows =
        IntStream.range(0, images.length).mapToObj(i -> RowFactory.create(i, images[i])).toList();
    return Ingested.of(
        spark,
        directory,
        Ingested.schema("x", DataTypes.BinaryType),
        rows,
        new InputSpec("x", List.of("x"), new InputKind.Image(shape, encoding, missing)));
  }

  private static BufferedImage noise(int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      image.setRGB(i % width, i / width, i * 0x9e3779b9);
    }
    return image;
  }

  private static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, format, bytes)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
