package io.lepton.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What a whole checkpoint consists of, written last. It has a sum of itself, so that no changed
 * byte of it goes unseen.
 *
 * @param format version of the layout
 * @param score NaN where it was not evaluated
 * @param parts files by name
 * @param vectors the file of each vector by the vector's name; other files are documents
 */
record Manifest(
    int format, int round, double score, Map<String, Part> parts, Map<String, String> vectors) {
  static final int FORMAT = 1;
  static final String FILE = "MANIFEST.json";

  private static final String FORMAT_FIELD = "format";
  private static final String SUM = "manifest_sha256";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A file: its size and SHA-256 in hex. */
  record Part(long bytes, String sha256) {}

  String toJson() {
    ObjectNode tree = JSON.valueToTree(this);
    String sum = Sha256.of(tree.toString());
    return tree.put(SUM, sum).toPrettyString();
  }

  /**
   * Reads one.
   *
   * @throws DamagedException if it is not as it was written
   * @throws CheckpointException if its format is newer
   */
  static Manifest read(String json, String checkpoint) throws DamagedException {
    ObjectNode tree = tree(json);
    int format = tree.path(FORMAT_FIELD).asInt();
    JsonNode sum = tree.remove(SUM);
    if (sum == null || !sum.asText().equals(Sha256.of(tree.toString()))) {
      throw new DamagedException(FILE + " is not as it was written");
    }
    if (format > FORMAT) {
      throw new CheckpointException(
          "%s has format %d, but this version of Lepton reads formats up to %d; use the newer version, or set another checkpoints.directory"
              .formatted(checkpoint, format, FORMAT));
    }
    try {
      return JSON.treeToValue(tree, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest of this format has these fields", e);
    }
  }

  private static ObjectNode tree(String json) throws DamagedException {
    try {
      if (JSON.readTree(json) instanceof ObjectNode tree) {
        return tree;
      }
    } catch (JsonProcessingException e) {
      throw new DamagedException(FILE + " is torn");
    }
    throw new DamagedException(FILE + " is torn");
  }
}
