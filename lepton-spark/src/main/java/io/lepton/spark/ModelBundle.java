package io.lepton.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lepton.arrow.FlatVector;
import io.lepton.tf.bundle.Bundle;
import io.lepton.tf.bundle.BundleManifest;
import io.lepton.tf.model.SavedModelWriter;
import io.lepton.tf.model.SavedWeights;
import io.lepton.tf.model.WeightValue;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A trained model as a directory on any Hadoop file system, whole or not there at all: a
 * SavedModel, how columns become its inputs, what it is, where it came from, and a manifest of
 * SHA-256 sums.
 *
 * <pre>
 * model/               SavedModel: signature serving_default, raw inputs, preprocessing inside
 * frozen/              the same with weights as constants, if it was asked for
 * preprocessing.json   columns, how they are prepared, what the training set decided of that
 * metadata.json        name, format version, layers, loss, metrics
 * provenance.json      data, seed, versions
 * MANIFEST.json        SHA-256 of every other file
 * </pre>
 */
public final class ModelBundle {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ModelBundle() {}

  /**
   * Writes a bundle: built in a local directory, copied beside its place, moved there at the end.
   *
   * @param target a path of any Hadoop file system
   * @param overwrite whether a bundle that is there is replaced; else it is refused
   * @param frozen whether there is to be a SavedModel without variables too
   * @param provenance where the model came from, values that Jackson can write
   * @throws IOException if it could not be written; what was at the target is still there then
   */
  public static void write(
      TrainingJob job,
      TrainingResult result,
      Map<String, ?> provenance,
      String target,
      boolean overwrite,
      boolean frozen,
      Configuration hadoop)
      throws IOException {
    Path local = Files.createTempDirectory("lepton-bundle");
    try {
      FlatVector parameters = result.parameters();
      SavedModelWriter.write(
          result.model(), result.compiled().program(), parameters, local.resolve("model"));
      if (frozen) {
        SavedModelWriter.writeFrozen(
            result.model(), result.compiled().program(), parameters, local.resolve("frozen"));
      }
      Files.writeString(local.resolve("preprocessing.json"), result.preprocessing().toJson());
      json(local.resolve("metadata.json"), metadata(job, result));
      json(local.resolve("provenance.json"), provenance);
      BundleManifest.write(local);
      publish(local, new org.apache.hadoop.fs.Path(target), overwrite, hadoop);
    } finally {
      LocalCopy.delete(local);
    }
  }

  /**
   * What keeps a bundle from being written, to be told before there is anything to write.
   *
   * @param target a path of any Hadoop file system
   * @param overwrite whether a bundle that is there is replaced
   * @return the rule, the path and the mend; empty if nothing does
   */
  public static Optional<String> conflict(String target, boolean overwrite, Configuration hadoop)
      throws IOException {
    return !overwrite && WholeDirectory.at(new org.apache.hadoop.fs.Path(target), hadoop).exists()
        ? Optional.of(target + " must not exist, but does; set output.overwrite = true")
        : Optional.empty();
  }

  /**
   * The weights and state of the model in a bundle, by name.
   *
   * @param source a path of any Hadoop file system
   * @throws FileNotFoundException if there is no bundle
   * @throws IOException if it cannot be read
   */
  public static Map<String, WeightValue> weights(String source, Configuration hadoop)
      throws IOException {
    try (LocalCopy copy = LocalCopy.of(source + "/model", hadoop)) {
      return SavedWeights.read(copy.path());
    }
  }

  private static Map<String, Object> metadata(TrainingJob job, TrainingResult result) {
    EpochReport best = result.bestEpoch();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", Bundle.FORMAT);
    all.put("name", job.name());
    all.put("objectives", job.objectives().stream().map(Objective::toString).toList());
    all.put("optimizer", job.optimizer().toString());
    all.put(
        "layers",
        result.compiled().layers().stream()
            .map(
                layer ->
                    Map.of(
                        "kind", layer.kind(),
                        "output_shape", layer.outputShape(),
                        "parameters", layer.parameters()))
            .toList());
    all.put("parameters", result.compiled().program().weights());
    all.put("parameters_sha256", result.parametersSha256());
    all.put("epoch", best.epoch());
    all.put("loss", best.loss());
    all.put("metrics", best.metrics());
    return all;
  }

  private static void publish(
      Path local, org.apache.hadoop.fs.Path target, boolean overwrite, Configuration hadoop)
      throws IOException {
    FileSystem files = PlainFiles.of(target, hadoop);
    try (WholeDirectory directory = WholeDirectory.at(target, hadoop)) {
      directory.leftovers().sweep();
      Optional<String> conflict = conflict(target.toString(), overwrite, hadoop);
      if (conflict.isPresent()) {
        throw new IOException(conflict.get());
      }
      files.mkdirs(target.getParent());
      files.copyFromLocalFile(
          false, true, new org.apache.hadoop.fs.Path(local.toUri()), directory.fresh());
      directory.publish();
    }
  }

  private static void json(Path path, Object value) throws IOException {
    JSON.writeValue(path.toFile(), value);
  }
}
