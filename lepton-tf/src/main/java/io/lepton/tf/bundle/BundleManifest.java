package io.lepton.tf.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The file that has the SHA-256 of every other file of a bundle. */
public final class BundleManifest {
  /** Its name. */
  public static final String FILE = "MANIFEST.json";

  private static final String SUMS = "sha256";
  private static final String SUM = "[0-9a-f]{64}";

  private BundleManifest() {}

  /** Sums all files of a directory and writes the manifest, which comes last. */
  public static void write(Path directory) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sums.put(directory.relativize(file).toString(), sha256(file));
      }
    }
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(directory.resolve(FILE).toFile(), Map.of(SUMS, sums));
  }

  /**
   * Checks that a directory holds the files of its manifest and nothing else: no link, no path that
   * leaves it, every sum right.
   *
   * @return SHA-256 of the manifest, which tells this bundle from all others
   * @throws BundleException if it does not
   */
  static String check(BundleFiles files) throws IOException {
    Map<String, String> expected = read(files);
    Map<String, Path> found = files.list();
    found.remove(FILE);
    for (String name : found.keySet()) {
      if (!expected.containsKey(name)) {
        throw files.refuse("files must be in its manifest, but this is not: " + name);
      }
    }
    for (Map.Entry<String, String> entry : expected.entrySet()) {
      Path file = found.get(entry.getKey());
      if (file == null) {
        throw files.refuse("a file of its manifest is missing: " + entry.getKey());
      }
      String sum = sha256(file);
      if (!sum.equals(entry.getValue())) {
        throw files.refuse(
            "%s must have the SHA-256 %s, but has %s; copy the bundle again"
                .formatted(entry.getKey(), entry.getValue(), sum));
      }
    }
    return sha256(files.directory().resolve(FILE));
  }

  private static Map<String, String> read(BundleFiles files) throws IOException {
    JsonNode sums = files.json(FILE).path(SUMS);
    if (!sums.isObject() || sums.isEmpty()) {
      throw files.refuse("its manifest must have the object \"sha256\", but has: " + shown(sums));
    }
    Map<String, String> expected = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : sums.properties()) {
      String name = entry.getKey();
      if (!isInside(files.directory(), name)) {
        throw files.refuse("paths of its manifest must stay inside, but one was: " + name);
      }
      if (!entry.getValue().isTextual() || !entry.getValue().textValue().matches(SUM)) {
        throw files.refuse(
            "the SHA-256 of %s must be 64 hex digits, but was: %s"
                .formatted(name, shown(entry.getValue())));
      }
      expected.put(name, entry.getValue().textValue());
    }
    return expected;
  }

  private static boolean isInside(Path directory, String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0 || name.indexOf('\\') >= 0) {
      return false;
    }
    Path path = Path.of(name);
    return !path.isAbsolute()
        && path.normalize().toString().equals(name)
        && !path.startsWith("..")
        && directory.resolve(path).startsWith(directory);
  }

  static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "nothing" : value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        DigestInputStream summed = new DigestInputStream(in, digest)) {
      summed.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchFileException e) {
      throw new BundleException("a file of a bundle went away while it was read: " + file, e);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
