package io.lepton.tf.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Arrays that NumPy wrote by {@code savez}. */
final class Npz {
  private static final int HEADER = 10;
  private static final Pattern TYPE = Pattern.compile("'descr': '([^']+)'");
  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

  private final Map<String, Array> arrays = new HashMap<>();

  /** Elements in C order. */
  record Array(String type, List<Integer> shape, ByteBuffer bytes) {
    float[] floats() {
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    }

    /** Elements of int32, or of float32 that are whole numbers. */
    int[] ints() {
      int[] values = new int[bytes.remaining() / Integer.BYTES];
      bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
      if (type.equals("<f4")) {
        for (int i = 0; i < values.length; i++) {
          values[i] = (int) Float.intBitsToFloat(values[i]);
        }
      }
      return values;
    }
  }

  private Npz() {}

  static Npz read(Path file) throws IOException {
    Npz npz = new Npz();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        npz.arrays.put(entry.getName().replace(".npy", ""), array(bytes));
      }
    }
    return npz;
  }

  Array get(String name) {
    return arrays.get(name);
  }

  Set<String> names() {
    return arrays.keySet();
  }

  float[] floats(String name) {
    return arrays.get(name).floats();
  }

  private static Array array(byte[] bytes) {
    int length = (bytes[8] & 0xff) | (bytes[9] & 0xff) << 8;
    String header = new String(bytes, HEADER, length, StandardCharsets.ISO_8859_1);
    int start = HEADER + length;
    return new Array(
        find(TYPE, header),
        Stream.of(find(SHAPE, header).split(",", -1))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .map(Integer::valueOf)
            .toList(),
        ByteBuffer.wrap(bytes, start, bytes.length - start).slice());
  }

  private static String find(Pattern pattern, String header) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new IllegalArgumentException(
          "an array must have a header with " + pattern + ", but had: " + header);
    }
    return matcher.group(1);
  }
}
