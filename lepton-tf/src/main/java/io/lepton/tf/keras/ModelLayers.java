package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Source;
import io.lepton.tf.model.WeightOptions;
import io.lepton.tf.model.Wiring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The layers of a Sequential or Functional model, those of models inside it in their place. */
final class ModelLayers {
  private static final String SEQUENTIAL = "Sequential";
  private static final String FUNCTIONAL = "Functional";
  private static final String INPUT = "InputLayer";
  private static final String OPERATIONS = "keras.src.ops.";

  private final List<String> problems = new ArrayList<>();
  private final List<ColumnSpec> inputs = new ArrayList<>();
  private final List<PlacedLayer> layers = new ArrayList<>();
  private final Masks masks =
      new Masks(node -> layers.add(new PlacedLayer(node, "", Map.of(), true)));
  private List<String> outputs = List.of();

  private ModelLayers() {}

  /**
   * Follows a model.
   *
   * @param config as in {@code config.json}
   */
  static ModelLayers of(JsonNode config) {
    ModelLayers layers = new ModelLayers();
    if (isModel(config)) {
      layers.outputs = layers.add(config, new Scope("", "", true), List.of());
      layers.outputs.forEach(layers::checkOutput);
    } else {
      layers.problems.add(
          "model '%s' must be Sequential or Functional, but was: %s"
              .formatted(config.path("config").path("name").asText(), className(config)));
    }
    return layers;
  }

  /** What cannot be, in the order of the layers. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  List<ColumnSpec> inputs() {
    return List.copyOf(inputs);
  }

  List<PlacedLayer> layers() {
    return List.copyOf(layers);
  }

  /** Names of layers. */
  List<String> outputs() {
    return List.copyOf(outputs);
  }

  /**
   * Where a model is.
   *
   * @param prefix of its layers' names
   * @param group its path in the file
   * @param trainable whether the models around it are
   */
  private record Scope(String prefix, String group, boolean trainable) {}

  /**
   * Adds a model's layers.
   *
   * @param given names of what its inputs are; empty if they are the whole model's
   * @return names of its outputs
   */
  private List<String> add(JsonNode model, Scope scope, List<String> given) {
    JsonNode config = model.path("config");
    boolean trainable = scope.trainable() && config.path("trainable").asBoolean(true);
    boolean sequential = className(model).equals(SEQUENTIAL);
    List<String> inputNames = Histories.names(config.path("input_layers"));
    Map<String, String> names = new HashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    List<String> previous = given;
    for (JsonNode layer : config.path("layers")) {
      String name = layer.path("config").path("name").asText();
      if (className(layer).equals(INPUT)) {
        String input =
            given.isEmpty()
                ? addInput(layer.path("config"))
                : given.get(Math.max(0, inputNames.indexOf(name)));
        names.put(name, input);
        previous = List.of(input);
        continue;
      }
      if (layer.path("module").asText().startsWith(OPERATIONS)) {
        names.put(name, addOperation(layer, scope.prefix() + name, names));
        continue;
      }
      LayerCall call = sequential ? LayerCall.of(previous) : call(layer, names);
      Scope place =
          new Scope(scope.prefix(), scope.group() + "/layers/" + group(layer, seen), trainable);
      String output = addLayer(layer, place, call);
      names.put(name, output);
      previous = List.of(output);
    }
    return sequential ? previous : placed(Histories.names(config.path("output_layers")), names);
  }

  private String addLayer(JsonNode layer, Scope place, LayerCall call) {
    String name = place.prefix() + layer.path("config").path("name").asText();
    if (isModel(layer)) {
      return addNested(layer, place, call, name);
    }
    LayerOptions options = options(layer, call, place.trainable());
    if (call.inputs().isEmpty()) {
      options.refuse("must have an input; build the model, or begin it with keras.Input");
      return name;
    }
    if (!layer.path("module").asText().equals("keras.layers")) {
      options.refuse("must be of keras.layers, but was of " + layer.path("module").asText());
      return name;
    }
    LayerCatalog.find(options).ifPresent(mapped -> place(mapped, name, place.group(), options));
    return name;
  }

  private void place(MappedLayer mapped, String name, String group, LayerOptions options) {
    try {
      List<String> from = masks.layer(name, mapped.masking(), options.call());
      WeightOptions said = options.trainable() ? mapped.options() : WeightOptions.NONE;
      Node node = new Node(name, mapped.layer(), from, said);
      layers.add(new PlacedLayer(node, group, mapped.weights(), options.trainable()));
    } catch (IllegalArgumentException e) {
      options.refuse(e.getMessage());
    }
  }

  private String addNested(JsonNode model, Scope place, LayerCall call, String name) {
    try {
      masks.model(call);
    } catch (IllegalArgumentException e) {
      refuse(model, e);
    }
    List<String> outputs =
        add(model, new Scope(name + ".", place.group(), place.trainable()), call.inputs());
    if (outputs.size() != 1) {
      problems.add(
          "model '%s' inside the model must have one output, but had: %s".formatted(name, outputs));
    }
    return outputs.isEmpty() ? name : outputs.get(0);
  }

  private String addOperation(JsonNode operation, String name, Map<String, String> names) {
    try {
      Histories.Operation call = Histories.operation(operation);
      masks.operation(
          name,
          className(operation),
          new Histories.Operation(placed(call.inputs(), names), call.numbers()));
    } catch (IllegalArgumentException e) {
      refuse(operation, e);
    }
    return name;
  }

  private void checkOutput(String name) {
    try {
      masks.output(name);
    } catch (IllegalArgumentException e) {
      problems.add("the loss of '%s' %s".formatted(name, e.getMessage()));
    }
  }

  private LayerCall call(JsonNode layer, Map<String, String> names) {
    try {
      LayerCall call = Histories.call(layer);
      return new LayerCall(
          placed(call.inputs(), names),
          call.mask().map(name -> names.getOrDefault(name, name)),
          call.causal());
    } catch (IllegalArgumentException e) {
      refuse(layer, e);
      return LayerCall.of(List.of(""));
    }
  }

  private static List<String> placed(List<String> local, Map<String, String> names) {
    return local.stream().map(name -> names.getOrDefault(name, name)).toList();
  }

  private LayerOptions options(JsonNode layer, LayerCall call, boolean trainable) {
    return new LayerOptions(
        layer,
        call,
        trainable,
        () -> call.inputs().isEmpty() ? List.of() : shape(call.inputs().get(0)),
        problems);
  }

  private void refuse(JsonNode layer, IllegalArgumentException reason) {
    options(layer, LayerCall.of(List.of()), true).refuse(reason.getMessage());
  }

  /** The shape of an example of an output so far; empty if it is not known. */
  private List<Integer> shape(String name) {
    List<Source> sources =
        inputs.stream()
            .map(input -> Source.stored(input.name(), input.type(), Optional.of(input.shape())))
            .toList();
    List<Node> nodes = layers.stream().map(PlacedLayer::node).toList();
    return Wiring.of(sources, nodes, List.of()).shape(name).orElse(List.of());
  }

  /** Groups are called after classes and counted. */
  private static String group(JsonNode layer, Map<String, Integer> seen) {
    String name =
        className(layer)
            .replaceAll("\\W", "")
            .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
            .replaceAll("([a-z])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT);
    int number = seen.merge(name, 1, Integer::sum) - 1;
    return number == 0 ? name : name + "_" + number;
  }

  private String addInput(JsonNode config) {
    String name = config.path("name").asText();
    List<Integer> shape = new ArrayList<>();
    JsonNode batch = config.path("batch_shape");
    for (int i = 1; i < batch.size(); i++) {
      shape.add(batch.get(i).asInt());
    }
    try {
      inputs.add(new ColumnSpec(name, type(config.path("dtype").asText()), shape));
    } catch (IllegalArgumentException e) {
      problems.add(
          "input '%s' must have a type and a shape that are known, but was: %s %s (%s)"
              .formatted(name, config.path("dtype").asText(), batch, e.getMessage()));
    }
    return name;
  }

  private static ElementType type(String dtype) {
    return ElementType.valueOf(dtype.toUpperCase(Locale.ROOT));
  }

  private static boolean isModel(JsonNode layer) {
    return className(layer).equals(SEQUENTIAL) || className(layer).equals(FUNCTIONAL);
  }

  private static String className(JsonNode layer) {
    return layer.path("class_name").asText();
  }
}
