package io.lepton.spark.config;

import io.lepton.tf.model.ImportedLayer;
import io.lepton.tf.model.Source;
import io.lepton.tf.savedmodel.GradientOptions;
import io.lepton.tf.savedmodel.ImportOptions;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.SavedModelImport;
import io.lepton.tf.savedmodel.TrainingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a SavedModel as one layer. */
final class SavedModelSection {
  /** The layer's name, before those of its weights. */
  private static final String LAYER = "model";

  private static final String TRAINING = "training";
  private static final String GRADIENTS = "gradients";
  private static final String AS_EXPORTED = "as-exported";
  private static final String BATCH_STATISTICS = "batch-statistics";
  private static final String ENDPOINT = "endpoint";

  private SavedModelSection() {}

  static ModelSection read(Settings saved) {
    ImportOptions options =
        new ImportOptions(
            saved.orDefault(ENDPOINT, Defaults.SERVING_ENDPOINT, Rule.text()),
            shapes(saved),
            training(saved));
    Optional<String> output = saved.optional("output", Rule.text());
    return ModelFile.read(saved, "path", path -> SavedModelImport.read(path, options))
        .flatMap(model -> saved.make(() -> section(model, output.orElse(""))))
        .orElseGet(() -> ModelSection.of(ModelChoice.SAVED_MODEL, List.of()));
  }

  private static ModelSection section(ImportedModel model, String output) {
    ImportedLayer layer = ImportedLayer.of(model, output);
    return new ModelSection(
        ModelChoice.SAVED_MODEL,
        List.of(layer.node(LAYER)),
        List.of(layer.asLogits().node(LAYER)),
        model.inputs().stream()
            .map(input -> new Source(input.name(), input.isInteger(), Optional.of(input.shape())))
            .toList(),
        Map.of(),
        List.of(),
        Optional.empty(),
        model.notes());
  }

  private static Map<String, List<Integer>> shapes(Settings saved) {
    return saved
        .optionalSection("shapes")
        .map(shapes -> shapes.values(Rule.listOf(Rule.integer(1))))
        .orElse(Map.of());
  }

  private static TrainingMode training(Settings saved) {
    if (saved.has(GRADIENTS)) {
      if (saved.has(TRAINING)) {
        saved.contradiction(TRAINING, GRADIENTS);
      }
      return gradients(saved.section(GRADIENTS));
    }
    if (!saved.isObject(TRAINING)) {
      List<String> words = List.of(AS_EXPORTED, BATCH_STATISTICS);
      return saved
              .orDefault(TRAINING, AS_EXPORTED, Rule.oneOf(words, Function.identity()))
              .equals(BATCH_STATISTICS)
          ? new TrainingMode.BatchStatistics(Defaults.MOVING_MOMENTUM)
          : new TrainingMode.AsExported();
    }
    Settings training = saved.section(TRAINING);
    if (training.oneOf(BATCH_STATISTICS, ENDPOINT).equals(ENDPOINT)) {
      return new TrainingMode.Endpoint(training.required(ENDPOINT, Rule.text()));
    }
    return new TrainingMode.BatchStatistics(
        training
            .section(BATCH_STATISTICS)
            .orDefault("momentum", Defaults.MOVING_MOMENTUM, Rule.number(Range.FRACTION)));
  }

  private static TrainingMode gradients(Settings gradients) {
    GradientOptions defaults = GradientOptions.defaults();
    return new TrainingMode.Gradients(
        new GradientOptions(
            gradients.orDefault(ENDPOINT, defaults.endpoint(), Rule.text()),
            gradients.orDefault("loss", defaults.loss(), Rule.text()),
            gradients.orDefault("prefix", defaults.gradients(), Rule.text())));
  }
}
