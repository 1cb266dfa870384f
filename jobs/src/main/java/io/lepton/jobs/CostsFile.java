package io.lepton.jobs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.lepton.spark.MeasuredCosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What rounds cost, as the result of a training has it. */
final class CostsFile {
  static final String FIELD = "costs";

  private static final String RESULT = "result.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private CostsFile() {}

  static Map<String, Object> fields(MeasuredCosts costs) {
    return JSON.convertValue(costs, new TypeReference<Map<String, Object>>() {});
  }

  /**
   * Reads what a run left.
   *
   * @param path a run directory or a result
   * @throws IOException that tells what is wrong with it
   */
  static MeasuredCosts read(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve(RESULT) : path;
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no file " + file);
    }
    JsonNode costs = JSON.readTree(file.toFile()).path(FIELD);
    if (!costs.isObject()) {
      throw new IOException(file + " has no costs, as of a training of at least three rounds");
    }
    return JSON.treeToValue(costs, MeasuredCosts.class);
  }
}
