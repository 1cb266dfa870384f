package io.lepton.tf.model;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.SavedModel;

/**
 * Writes a trained model as a TensorFlow SavedModel with the tag {@code serve}.
 *
 * <p>Its signature {@code serving_default} takes the model's inputs by name, as they are stored,
 * and gives {@code logits} and {@code probabilities} of a classifier (one for two classes by
 * sigmoid, and no probabilities of a hinge loss) or the {@code predictions} of all else: numbers,
 * rates of a Poisson loss, vectors or scores; of several targets, each by its label's name as
 * {@code label_logits} and so on.
 */
public final class SavedModelWriter {
  private static final String MODEL = "saved_model.pb";

  private SavedModelWriter() {}

  /**
   * Writes the weights of a parameter vector; optimizer state is left out.
   *
   * @param program compiled from {@code spec}
   * @param parameters as {@link CompiledModel#initialParameters}
   * @param directory made if there is none; must not hold a SavedModel yet. {@code saved_model.pb}
   *     comes last, so that an interrupted write cannot be loaded
   * @throws IOException if a file could not be written
   */
  public static void write(
      ModelSpec spec, TrainingProgram program, FlatVector parameters, Path directory)
      throws IOException {
    Path model = free(directory);
    Network network = ModelRules.check(spec);
    Map<String, FlatVector> values = values(network, program, parameters);
    Path variables = Files.createDirectories(directory.resolve("variables"));
    try (ServingGraph graph = new ServingGraph(spec, network)) {
      graph.save(variables.resolve("variables"), values);
      write(graph.toSavedModel(), model);
    } catch (TensorFlowException e) {
      throw new IOException("variables could not be written to " + variables, e);
    }
  }

  /**
   * Writes the same model with its variables as constants of the graph: one file, for runtimes that
   * know no variables, and for converters.
   *
   * @throws IOException if a file could not be written, or would be of 2 GiB
   */
  public static void writeFrozen(
      ModelSpec spec, TrainingProgram program, FlatVector parameters, Path directory)
      throws IOException {
    Path model = free(directory);
    Network network = ModelRules.check(spec);
    Map<String, FlatVector> values = values(network, program, parameters);
    Files.createDirectories(directory);
    try (ServingGraph graph = new ServingGraph(spec, network)) {
      write(FrozenGraph.of(graph.toSavedModel(), values), model);
    }
  }

  private static Path free(Path directory) throws FileAlreadyExistsException {
    Path model = directory.resolve(MODEL);
    if (Files.exists(model)) {
      throw new FileAlreadyExistsException(
          model.toString(), null, "a SavedModel is not overwritten; give another directory");
    }
    return model;
  }

  private static void write(SavedModel content, Path model) throws IOException {
    Path part = model.resolveSibling(MODEL + ".part");
    Files.write(part, GraphBytes.of(content));
    Files.move(part, model, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Map<String, FlatVector> values(
      Network network, TrainingProgram program, FlatVector parameters) {
    if (parameters.size() != program.vectorSize()) {
      throw new IllegalArgumentException(
          "parameters must have %d elements, but had: %d"
              .formatted(program.vectorSize(), parameters.size()));
    }
    Map<String, Variable> variables = new HashMap<>();
    program.variables().forEach(variable -> variables.put(variable.name(), variable));
    Map<String, FlatVector> values = new HashMap<>();
    for (Weight weight : network.weights()) {
      Variable variable = variables.get(weight.name());
      if (variable == null || !variable.shape().equals(weight.shape())) {
        throw new IllegalArgumentException(
            "the program must be compiled from the model, but for %s %s it had: %s"
                .formatted(weight.name(), weight.shape(), variable));
      }
      values.put(weight.name(), parameters.part(variable.offset(), variable.size()));
    }
    return values;
  }
}
