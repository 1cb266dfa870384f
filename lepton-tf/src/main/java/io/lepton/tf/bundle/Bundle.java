package io.lepton.tf.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.arrow.ColumnSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.proto.SavedModel;

/**
 * A trained model as a directory on the local disk, checked whole: every file has the SHA-256 of
 * the manifest, there is no other file and no link, and the format is one this version reads.
 *
 * <p>Nothing in it is executed or deserialized by Java before that, and nothing but JSON and
 * protocol buffers ever is. The sums tell damage, not who made it: only score bundles you trust.
 */
public final class Bundle {
  /** The newest version of the layout; all from 1 on are read. */
  public static final int FORMAT = 1;

  static final String METADATA = "metadata.json";
  static final String PREPROCESSING = "preprocessing.json";
  static final String MODEL = "model/saved_model.pb";
  static final String VARIABLES = "model/variables/variables";

  private static final long MODEL_BYTES = Integer.MAX_VALUE - 64L;

  private final Path directory;
  private final String name;
  private final int format;
  private final String sha256;
  private final JsonNode metadata;
  private final String preprocessing;
  private final ServedGraph graph;
  private final List<InputColumns> columns;

  private Bundle(BundleFiles files) throws IOException {
    this.directory = files.directory();
    this.metadata = files.json(METADATA);
    this.format = format(files, metadata);
    this.sha256 = BundleManifest.check(files);
    this.name = metadata.path("name").asText("");
    JsonNode prepared = files.json(PREPROCESSING);
    this.preprocessing =
        new String(files.read(PREPROCESSING, files.limits().textBytes()), StandardCharsets.UTF_8);
    SavedModel model = ServedGraph.parse(files, files.read(MODEL, MODEL_BYTES));
    this.graph = ServedGraph.of(files, model, LabelShapes.of(prepared));
    this.columns = InputColumns.of(prepared);
  }

  /**
   * Opens and checks a bundle within the usual limits.
   *
   * @throws BundleException if it is none, is damaged, points outside itself or is of a newer
   *     format
   * @throws IOException if it cannot be read
   */
  public static Bundle open(Path directory) throws IOException {
    return open(directory, BundleLimits.DEFAULT);
  }

  /** The same within other limits. */
  public static Bundle open(Path directory, BundleLimits limits) throws IOException {
    return new Bundle(BundleFiles.in(directory, limits));
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /** The model's name. */
  public String name() {
    return name;
  }

  /** The version of its layout. */
  public int format() {
    return format;
  }

  /** SHA-256 of the manifest, and so of the whole bundle; in hex. */
  public String sha256() {
    return sha256;
  }

  /** What it is: metadata.json. */
  public JsonNode metadata() {
    return metadata.deepCopy();
  }

  /** How columns become inputs: the text of preprocessing.json. */
  public String preprocessing() {
    return preprocessing;
  }

  /** What the model takes, as it is stored; it prepares that itself. */
  public List<ColumnSpec> inputs() {
    return graph.inputs();
  }

  /** What it gives. */
  public List<ModelOutput> outputs() {
    return graph.outputs();
  }

  ServedGraph graph() {
    return graph;
  }

  /** The columns of a table that inputs are made of. */
  List<InputColumns> columns() {
    return columns;
  }

  private static int format(BundleFiles files, JsonNode metadata) throws BundleException {
    JsonNode format = metadata.path("format");
    if (!format.isInt() || format.intValue() < 1) {
      throw files.refuse(
          "%s must have a format from 1 on, but has: %s; it is not a bundle of Lepton"
              .formatted(METADATA, BundleManifest.shown(format)));
    }
    if (format.intValue() > FORMAT) {
      throw files.refuse(
          "its format must be at most %d for this version of Lepton, but is %d; score it with a newer version"
              .formatted(FORMAT, format.intValue()));
    }
    return format.intValue();
  }
}
